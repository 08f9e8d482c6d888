using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Deconfliction.Domain.Agencies;

namespace Deconfliction.Silo.Tests.Messages;

/// <summary>
/// Makes values of any of the project's plain records by their shape, so that a property or a kind that is added is in the samples without
/// anybody thinking of it. No two values of a run are alike, so that two that are mixed up show.
/// </summary>
/// <param name="full">Whether what may be empty is filled.</param>
/// <param name="seed">Where the count begins: another seed gives other values of the enumerations.</param>
internal sealed class Sample(bool full, int seed)
{
    private int _count = seed;

    /// <summary>A value of a type.</summary>
    public T Of<T>() => (T)Of(typeof(T))!;

    /// <summary>A value of a type.</summary>
    public object? Of(Type type)
    {
        var number = ++_count;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return full ? Of(underlying) : null;
        }

        return type switch
        {
            _ when type == typeof(string) => $"text {number}",
            _ when type == typeof(int) => number,
            _ when type == typeof(long) => (long)number,
            _ when type == typeof(bool) => full,
            _ when type == typeof(Guid) => new Guid(number, 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]),
            _ when type == typeof(DateTimeOffset) => DateTimeOffset.UnixEpoch.AddDays(number).AddTicks(number),
            _ when type == typeof(TimeSpan) => TimeSpan.FromMinutes(number) + TimeSpan.FromTicks(number),
            _ when type == typeof(AgencyId) => AgencyId.Parse($"agency-{number}"),
            _ when type == typeof(ReadOnlyMemory<byte>) => Bytes(number),
            _ when type.IsEnum => Enum.GetValues(type).GetValue(number % Enum.GetValues(type).Length),
            _ when type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) => List(type.GetGenericArguments()[0]),
            _ => Record(type),
        };
    }

    /// <summary>An exception that says something.</summary>
    public object Exception(Type type)
    {
        var constructor = type.GetConstructors().Single();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.ParameterType == typeof(Exception) ? null : Of(parameter.ParameterType))]);
    }

    // Where it begins in its array, and how much of it is its, must not matter.
    private ReadOnlyMemory<byte> Bytes(int number) =>
        !full ? default : number % 2 == 0 ? Encoding.ASCII.GetBytes($"bytes {number}") : Encoding.ASCII.GetBytes($"__bytes {number}__").AsMemory(2..^2);

    private Array List(Type item)
    {
        var list = Array.CreateInstance(item, full ? 2 : 0);
        for (var i = 0; i < list.Length; i++)
        {
            list.SetValue(Of(item), i);
        }

        return list;
    }

    private object Record(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(static one => one.GetParameters().Length).First();
        var names = constructor.GetParameters().Select(static parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        var made = constructor.Invoke([.. constructor.GetParameters().Select(Parameter)]);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && !names.Contains(property.Name)))
        {
            property.SetValue(made, IsOptional(property) && !full ? null : Of(property.PropertyType));
        }

        return made;
    }

    private object? Parameter(ParameterInfo parameter) =>
        !full && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable ? null : Of(parameter.ParameterType);

    private static bool IsOptional(PropertyInfo property) => new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
}

/// <summary>A value written out with all that it holds, to be compared.</summary>
internal static class WrittenOut
{
    /// <summary>One line a property.</summary>
    public static string Of(object? value, string indent = "") => value switch
    {
        null => "nothing",
        string text => text,
        ReadOnlyMemory<byte> bytes => $"bytes {Convert.ToHexString(bytes.Span)}",
        IFormattable plain => plain.ToString(plain is DateTimeOffset or TimeSpan ? "c".AsFormatOf(plain) : null, CultureInfo.InvariantCulture),
        bool truth => truth.ToString(),
        AgencyId agency => agency.Value,
        IEnumerable many => "[" + string.Concat(many.Cast<object?>().Select(one => $"\n{indent}  - {Of(one, indent + "    ")}")) + "]",
        _ => value.GetType().Name + string.Concat(value.GetType().GetProperties()
            .Where(static property => property.GetMethod is { IsStatic: false } && property.GetIndexParameters().Length == 0)
            .Select(property => $"\n{indent}  {property.Name}: {Of(property.GetValue(value), indent + "  ")}")),
    };

    // All the ticks.
    private static string AsFormatOf(this string ofSpans, IFormattable plain) => plain is DateTimeOffset ? "O" : ofSpans;
}
