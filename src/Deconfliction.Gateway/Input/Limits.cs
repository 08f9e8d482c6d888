namespace Deconfliction.Gateway.Input;

/// <summary>How long each text may be, in bytes of UTF-8: the protocol's documentation says the same.</summary>
internal static class Limits
{
    public const int RequestedBy = 128;
    public const int CaseReference = 128;
    public const int Contact = 256;
    public const int Purpose = 256;
    public const int LegalBasis = 256;
    public const int AgencyName = 128;
    public const int Value = 2048;
    public const int Kind = 32;
    public const int PageSize = 1_000;
    public const int DefaultPageSize = 100;
    public const int ItemsPerMessage = 500;
    public const int MaximumPort = 65_535;
}
