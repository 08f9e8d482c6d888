using System.CodeDom.Compiler;
using System.Reflection;
using Deconfliction.Silo.Messages;
using Deconfliction.Silo.Notices;
using Orleans;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Messages;

/// <summary>
/// What two versions of the silo must agree on for an upgrade one silo at a time, written down in Wire.txt beside this file: members may
/// be added at the end; none may change its number, its type or its meaning. Orleans' own analyzer does the same for the grains' methods
/// (OrleansContracts.txt).
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

    private static string Now() => string.Join('\n', Types().Select(Describe).Concat([Numbers(typeof(Refusal)), Kinds()]));

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

    private static string Numbers(Type type) =>
        type.Name + string.Concat(Enum.GetValues(type).Cast<object>().Select(static value => $"\n  {(int)value} {value}"));

    private static string Kinds() => nameof(QuestionWire) + string.Concat(
        typeof(QuestionWire).GetFields(BindingFlags.NonPublic | BindingFlags.Static).Where(static field => field.IsLiteral)
            .Select(static field => $"\n  {field.GetRawConstantValue()} {field.Name}"));
}
