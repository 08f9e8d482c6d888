using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deconfliction.PlainService;

/// <summary>A claim as it is sent.</summary>
internal sealed record NewClaim(string Kind, string Value, string CaseReference, string RequestedBy);

/// <summary>Another agency's claim that the new one meets.</summary>
internal sealed record MetClaim(string Agency, string CaseReference);

/// <summary>The answer: the claim's number, none where there is such a claim already, and what it meets.</summary>
internal sealed record MadeClaim(long? Id, IReadOnlyList<MetClaim> Met);

/// <summary>Makes the serialisers when this is compiled, which is the fast way.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NewClaim))]
[JsonSerializable(typeof(MadeClaim))]
internal sealed partial class Messages : JsonSerializerContext;
