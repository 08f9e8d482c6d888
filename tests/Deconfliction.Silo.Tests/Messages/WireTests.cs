using System.CodeDom.Compiler;
using System.Globalization;
using System.Reflection;
using Deconfliction.Silo.Messages;
using Deconfliction.Silo.Notices;
using Orleans;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Messages;

/// <summary>
/// What two versions of the silo must agree on for an upgrade one silo at a time, written down in Wire.txt beside this file: members may
/// be added at the end; none may change its number, its type or its meaning, and no value of an enumeration its number. Orleans' own
/// analyzer does the same for the grains' methods (OrleansContracts.txt).
/// </summary>
public sealed class WireTests
{
    [Fact]
    public void Messages_AsTheyAreNow_AreThoseWrittenDown()
    {
        using var file = typeof(WireTests).Assembly.GetManifestResourceStream("Wire.txt")!;
        using var reader = new StreamReader(file);
        var now = Now();
        Assert.True(
            string.Equals(reader.ReadToEnd().TrimEnd(), now, StringComparison.Ordinal),
            $"The messages are not those of Wire.txt any more. If silos of the last version still understand them, write this there:\n{now}");
    }

    [Fact]
    public void Messages_Aliases_AreThereAndDiffer()
    {
        var aliases = Types().Select(static type => (type.Name, Alias: type.GetCustomAttribute<AliasAttribute>()?.Alias)).ToList();
        Assert.All(aliases, static one => Assert.False(string.IsNullOrEmpty(one.Alias), one.Name));
        Assert.Equal(aliases.Count, aliases.Select(static one => one.Alias).Distinct().Count());
    }

    [Fact]
    public void Calls_BetweenSilos_TakeTheirCancellationLast()
    {
        var calls = Calls().ToList();
        Assert.Contains(calls, static call => call.DeclaringType == typeof(ISiloNotices));
        Assert.All(calls, static call => Assert.True(
            call.GetParameters().LastOrDefault()?.ParameterType == typeof(CancellationToken),
            $"{call.DeclaringType!.Name}.{call.Name} has no CancellationToken as its last parameter."));
    }

    private static string Now() => string.Join('\n', Types().Select(Describe).Concat(Enumerations().Select(Numbers)).Append(Kinds()));

    // Of grains, of observers and of what a silo has one of.
    private static IEnumerable<MethodInfo> Calls() => typeof(TurnMessage).Assembly.GetTypes()
        .Where(static type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
        .SelectMany(static type => type.GetMethods());

    private static IEnumerable<Type> Types() => typeof(TurnMessage).Assembly.GetTypes()
        .Where(static type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null && type.GetCustomAttribute<GeneratedCodeAttribute>() is null)
        .OrderBy(static type => type.GetCustomAttribute<AliasAttribute>()?.Alias, StringComparer.Ordinal);

    private static string Describe(Type type) => $"{type.GetCustomAttribute<AliasAttribute>()?.Alias}" + string.Concat(
        type.GetFields(BindingFlags.Instance | BindingFlags.Public).Select(static field => (Member: (MemberInfo)field, Type: field.FieldType))
            .Concat(type.GetProperties().Select(static property => (Member: (MemberInfo)property, Type: property.PropertyType)))
            .Select(static member => (Id: member.Member.GetCustomAttribute<IdAttribute>()?.Id, member.Member.Name, member.Type))
            .Where(static member => member.Id is not null)
            .OrderBy(static member => member.Id)
            .Select(static member => $"\n  {member.Id} {member.Name}: {member.Type}"));

    // A surrogate has them as plain numbers: they are found in the type that it stands for, and in all that this is made of.
    private static IEnumerable<Type> Enumerations()
    {
        var open = new Queue<Type>(Types().Concat(Converted()).Concat(Calls().SelectMany(static call =>
            call.GetParameters().Select(static parameter => parameter.ParameterType).Append(call.ReturnType))));
        var seen = new HashSet<Type>();
        while (open.TryDequeue(out var type))
        {
            foreach (var part in seen.Add(type) ? PartsOf(type) : [])
            {
                open.Enqueue(part);
            }
        }

        return seen.Where(static type => type.IsEnum).OrderBy(static type => type.Name, StringComparer.Ordinal);
    }

    private static IEnumerable<Type> Converted() => typeof(TurnMessage).Assembly.GetTypes()
        .Where(static type => type.GetCustomAttribute<RegisterConverterAttribute>() is not null)
        .SelectMany(static type => type.GetInterfaces().Where(static one => one.IsGenericType).Select(static one => one.GetGenericArguments()[0]));

    private static IEnumerable<Type> PartsOf(Type type) =>
        type.HasElementType ? [type.GetElementType()!]
        : type.IsGenericType ? type.GetGenericArguments()
        : type.IsEnum || type.Namespace?.StartsWith("Deconfliction.", StringComparison.Ordinal) != true ? []
        :
        [
            .. type.GetFields(BindingFlags.Instance | BindingFlags.Public).Select(static field => field.FieldType),
            .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Select(static property => property.PropertyType),
            .. type.GetNestedTypes().Where(type.IsAssignableFrom), // its kinds
        ];

    private static string Numbers(Type type) => type.Name + string.Concat(
        Enum.GetValues(type).Cast<object>().Select(static value => $"\n  {Convert.ToInt32(value, CultureInfo.InvariantCulture)} {value}"));

    private static string Kinds() => nameof(QuestionWire) + string.Concat(
        typeof(QuestionWire).GetFields(BindingFlags.NonPublic | BindingFlags.Static).Where(static field => field.IsLiteral)
            .Select(static field => $"\n  {field.GetRawConstantValue()} {field.Name}"));
}
