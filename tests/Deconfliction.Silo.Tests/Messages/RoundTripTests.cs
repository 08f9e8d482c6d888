using Deconfliction.Domain.Deciding;
using Deconfliction.Grid;
using Deconfliction.Grid.Budgets;
using Deconfliction.Grid.Actors;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Backup;
using Deconfliction.Silo.Messages;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using RequestContext = Deconfliction.Grid.RequestContext;

namespace Deconfliction.Silo.Tests.Messages;

/// <summary>Every kind of turn, answer and refusal comes out of Orleans' serializer as it went in. The kinds are found, not listed.</summary>
public sealed class RoundTripTests : IDisposable
{
    // Enough for every value of the longest enumeration.
    private const int Seeds = 12;

    private static readonly IReadOnlyDictionary<Type, string> s_staysInside = new Dictionary<Type, string>
    {
        [typeof(FeedPositionException)] = "of feeds, which are read from the ledger where the reader is",
        [typeof(StoreInUseException)] = "of the start",
        [typeof(SchemaMismatchException)] = "of the start",
        [typeof(BackupRefusedException)] = "of deconfliction-server's backup",
        [typeof(PlaceLostException)] = "made by the silo that asks, of its own call to an agency's grain",
    };

    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSerializer(static serializer => serializer.AddAssembly(typeof(TurnMessage).Assembly)).BuildServiceProvider();

    public static TheoryData<string> Questions => [.. Kinds.Select(static kind => kind.Name)];

    private static IEnumerable<Type> Kinds => typeof(Question).GetNestedTypes().Where(typeof(Question).IsAssignableFrom);

    [Theory]
    [MemberData(nameof(Questions))]
    public void Turn_OfEachKind_ComesAsItWent(string kind)
    {
        var type = Kinds.Single(one => one.Name == kind);
        foreach (var (full, seed) in Variants())
        {
            var sample = new Sample(full, seed);
            var request = sample.Of<RequestContext>();
            var turn = new Turn(AskedBy(request.Caller, (Question)sample.Of(type)!), request);

            var came = Roundtrip(new TurnMessage(sample.Of<int>(), turn));

            Assert.Equal(WrittenOut.Of(turn), WrittenOut.Of(came.Turn));
        }
    }

    [Fact]
    public void TurnMessage_KeyId_ComesAsItWent() =>
        Assert.Equal(41, Roundtrip(new TurnMessage(41, new Turn(Question.Sweep.Instance, new Sample(full: true, 0).Of<RequestContext>()))).KeyId);

    [Fact]
    public void Answer_OfEachStatus_ComesAsItWent()
    {
        var seen = new HashSet<AnswerStatus>();
        foreach (var (full, seed) in Variants())
        {
            var answer = new Sample(full, seed).Of<Answer>();
            seen.Add(answer.Status);

            var came = Roundtrip(AnswerMessage.Of(answer)).AnswerOrThrow();

            Assert.Equal(WrittenOut.Of(answer), WrittenOut.Of(came));
        }

        Assert.Equal(Enum.GetValues<AnswerStatus>().Order(), seen.Order());
    }

    [Fact]
    public void Refusal_OfEachExceptionThatCallersKnow_ArrivesAsItself()
    {
        var carried = 0;
        foreach (var type in PublicExceptions().Where(type => !s_staysInside.ContainsKey(type)))
        {
            var problem = (Exception)new Sample(full: true, 0).Exception(type);
            var refusal = AnswerMessage.Of(problem);
            Assert.True(refusal is not null, $"{type.Name} is not carried by {nameof(AnswerMessage)}, nor is it said here why it need not be.");

            var came = Assert.ThrowsAny<Exception>(() => Roundtrip(refusal).AnswerOrThrow());

            Assert.Equal(type, came.GetType());
            Assert.Equal(problem.Message, came.Message);
            Assert.Equal(type.GetProperty("RetryAfter")?.GetValue(problem), type.GetProperty("RetryAfter")?.GetValue(came));
            carried++;
        }

        Assert.Equal(Enum.GetValues<Refusal>().Length - 1, carried);
    }

    [Fact]
    public void AnswerMessage_OfAnUnknownException_IsNone() => Assert.Null(AnswerMessage.Of(new InvalidOperationException("a fault")));

    public void Dispose() => _services.Dispose();

    private static IEnumerable<(bool Full, int Seed)> Variants() =>
        Enumerable.Range(0, Seeds).SelectMany(static seed => new[] { (true, seed), (false, seed) });

    // The grid sees to it that who checks is who asks, so the wire does not say it twice.
    private static Question AskedBy(Caller caller, Question question) => question is Question.Check { Command: var command }
        ? new Question.Check(command with { By = caller.Agency, Role = caller.Role })
        : question;

    private static IEnumerable<Type> PublicExceptions() =>
        new[] { typeof(Turn).Assembly, typeof(ILedger).Assembly }.SelectMany(static assembly => assembly.GetExportedTypes())
            .Where(typeof(Exception).IsAssignableFrom);

    private T Roundtrip<T>(T message)
    {
        var serializer = _services.GetRequiredService<Serializer<T>>();
        return serializer.Deserialize(serializer.SerializeToArray(message))!;
    }
}
