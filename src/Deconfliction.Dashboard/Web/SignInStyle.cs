using System.Security.Cryptography;
using System.Text;

namespace Deconfliction.Dashboard.Web;

/// <summary>
/// The style of the page that is served to those who are not signed in. Everything else answers 401 to them, files of style too, so it
/// stands in the page, and its hash in the page's policy.
/// </summary>
internal static class SignInStyle
{
    public const string Text =
        "body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,'Segoe UI',sans-serif;background:#eef2f7;color:#14202e}"
        + "main{width:min(26rem,92vw);background:#fff;border:1px solid #d5deea;border-top:4px solid #0b63ce;border-radius:10px;padding:1.75rem;box-sizing:border-box}"
        + "h1{font-size:1.35rem;margin:0 0 .5rem}p{margin:.5rem 0 1rem;color:#46566a}label{display:block;font-weight:600;margin-bottom:.3rem}"
        + "input{width:100%;box-sizing:border-box;font:inherit;padding:.55rem .7rem;border:1px solid #71839a;border-radius:6px;background:transparent;color:inherit}"
        + "button{margin-top:1rem;width:100%;font:inherit;font-weight:600;padding:.6rem;border:0;border-radius:6px;background:#0b63ce;color:#fff;cursor:pointer}"
        + ":focus-visible{outline:3px solid #f0a020;outline-offset:2px}.problem{color:#b01626;font-weight:600}"
        + "@media(prefers-color-scheme:dark){body{background:#0d131c;color:#e6edf5}main{background:#151d29;border-color:#2c3b4f;border-top-color:#6db3ff}"
        + "p{color:#a9bacd}button{background:#6db3ff;color:#081019}.problem{color:#ff8a93}}";

    /// <summary>The policy of that page: nothing but this style, and a form to this site.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'; img-src data:; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}
