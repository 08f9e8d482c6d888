using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deconfliction.LoadTests.Rows.Sides;

/// <summary>A claim as the plain service takes it.</summary>
internal sealed record PlainClaim(string Kind, string Value, string CaseReference, string RequestedBy);

/// <summary>Its answer.</summary>
internal sealed record PlainAnswer(long? Id);

/// <summary>Makes the serialisers when this is compiled.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PlainClaim))]
[JsonSerializable(typeof(PlainAnswer))]
internal sealed partial class PlainMessages : JsonSerializerContext;
