using System.Data;
using Npgsql;

namespace Deconfliction.Silo.Tests.Sql;

/// <summary>
/// Each query by itself: with the parameters that the providers send, typed as they type them, it runs and answers the columns that they
/// read. The table below is the contract, taken from the providers' sources of 10.4.2 and not from the script.
/// </summary>
public sealed class QueryContractTests : IClassFixture<OrleansDatabase>
{
    private const string Silo = "DeploymentId:s Address:s Port:i Generation:i";
    private const string Grain = "GrainIdHash:i GrainIdN0:l GrainIdN1:l GrainTypeHash:i GrainTypeString:s GrainIdExtensionString:s? ServiceId:s";
    private const string SiloColumns = "Address:s Port:i Generation:i SiloName:s HostName:s Status:i ProxyPort:i SuspectTimes:s StartTime:t IAmAliveTime:t Version:i";
    private const string ReminderColumns = "GrainId:s ReminderName:s StartTime:t Period:l Version:i";

    private readonly OrleansDatabase _database;

    public QueryContractTests(OrleansDatabase database) => _database = database;

    /// <summary>Key, parameters, columns. A <c>?</c> marks a parameter that may be null; <c>-</c> is a column read by its place.</summary>
    public static TheoryData<string, string, string> Contract => new()
    {
        { "InsertMembershipVersionKey", "DeploymentId:s", "-:b" },
        { "InsertMembershipKey", Silo + " SiloName:s HostName:s Status:i ProxyPort:i StartTime:t IAmAliveTime:t Version:i", "-:b" },
        { "UpdateMembershipKey", Silo + " IAmAliveTime:t Status:i SuspectTimes:s? Version:i", "-:b" },
        { "UpdateIAmAlivetimeKey", Silo + " IAmAliveTime:t", "" },
        { "MembershipReadRowKey", Silo, SiloColumns },
        { "MembershipReadAllKey", "DeploymentId:s", SiloColumns },
        { "GatewaysQueryKey", "DeploymentId:s Status:i", "Address:s ProxyPort:i Generation:i" },
        { "DeleteMembershipTableEntriesKey", "DeploymentId:s", "" },
        { "CleanupDefunctSiloEntriesKey", "DeploymentId:s IAmAliveTime:t", "" },
        { "CleanupDefunctSiloEntryKey", Silo + " StartTime:t IAmAliveTime:t SuspectTimes:s?", "" },
        { "UpsertReminderRowKey", "ServiceId:s GrainHash:i GrainId:s ReminderName:s StartTime:t Period:i", "Version:i" },
        { "UpsertReminderRowKey", "ServiceId:s GrainHash:i GrainId:s ReminderName:s StartTime:t Period:l", "Version:i" },
        { "ReadReminderRowsKey", "ServiceId:s GrainId:s", ReminderColumns },
        { "ReadReminderRowKey", "ServiceId:s GrainId:s ReminderName:s", ReminderColumns },
        { "ReadRangeRows1Key", "ServiceId:s BeginHash:i EndHash:i", ReminderColumns },
        { "ReadRangeRows2Key", "ServiceId:s BeginHash:i EndHash:i", ReminderColumns },
        { "DeleteReminderRowKey", "ServiceId:s GrainId:s ReminderName:s Version:i", "-:b" },
        { "DeleteReminderRowsKey", "ServiceId:s", "" },
        { "WriteToStorageKey", Grain + " GrainStateVersion:i? PayloadBinary:x", "NewGrainStateVersion:i" },
        { "ReadFromStorageKey", Grain, "PayloadBinary:x Version:i" },
        { "ClearStorageKey", Grain + " GrainStateVersion:i?", "NewGrainStateVersion:i" },
        { "DeleteStorageKey", Grain + " GrainStateVersion:i?", "NewGrainStateVersion:i" },
    };

    [Fact]
    public async Task Contract_HasEveryQueryOfTheScript() => Assert.Equal(
        await _database.ColumnAsync<string>("SELECT QueryKey FROM OrleansQuery ORDER BY QueryKey COLLATE \"C\""),
        Contract.Select(row => (string)row[0]).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Contract))]
    public async Task Query_WithItsParameters_AnswersItsColumns(string key, string parameters, string columns)
    {
        foreach (var nulls in parameters.Contains('?', StringComparison.Ordinal) ? (bool[])[false, true] : [false])
        {
            await using var command = _database.Source.CreateCommand(await _database.QueryAsync(key));
            foreach (var parameter in parameters.Split(' '))
            {
                command.Parameters.Add(Parameter(parameter, nulls));
            }

            await using var reader = await command.ExecuteReaderAsync();
            var answered = Enumerable.Range(0, reader.FieldCount).Select(reader.GetFieldType).ToList();
            var expected = columns.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(expected.Length > 0, reader.FieldCount > 0);
            foreach (var column in expected.Select(text => text.Split(':')))
            {
                var place = column[0] == "-" ? 0 : reader.GetOrdinal(column[0]);
                Assert.Equal(TypeOf(column[1]), answered[place]);
                Assert.True(column[0] != "-" || reader.FieldCount == 1, "One column is read by its place, so there is one.");
            }
        }
    }

    private static NpgsqlParameter Parameter(string text, bool nulls)
    {
        var (name, type) = (text.Split(':')[0], text.Split(':')[1]);
        object value = nulls && type.EndsWith('?') ? DBNull.Value : type[0] switch
        {
            'i' => 1,
            'l' => 1L,
            't' => new DateTime(2026, 11, 25, 12, 0, 0, DateTimeKind.Utc),
            'x' => new byte[] { 1 },
            _ => "127.0.0.1",
        };
        return new NpgsqlParameter(name, value)
        {
            DbType = type[0] switch { 'i' => DbType.Int32, 'l' => DbType.Int64, 't' => DbType.DateTime, 'x' => DbType.Binary, _ => DbType.String },
        };
    }

    private static Type TypeOf(string letter) => letter switch
    {
        "i" => typeof(int),
        "l" => typeof(long),
        "t" => typeof(DateTime),
        "x" => typeof(byte[]),
        "b" => typeof(bool),
        _ => typeof(string),
    };
}
