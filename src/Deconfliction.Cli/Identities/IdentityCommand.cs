using System.CommandLine;
using Deconfliction.Cli.Agencies;
using Deconfliction.Cli.Invocation;
using Deconfliction.Cli.Screens;
using Deconfliction.Client.Identities;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Identities;

/// <summary><c>identity request|renew</c>.</summary>
internal static class IdentityCommand
{
    public static Command Build(Runner runner) => new("identity", "Your agency's key and certificate.") { Request(runner), Renew(runner) };

    private static Command Request(Runner runner)
    {
        var key = new Option<string>("--key") { Description = "Where to write the private key. It stays with you.", HelpName = "FILE", Required = true };
        var csr = new Option<string>("--csr") { Description = "Where to write the certificate request. Send it to the operator.", HelpName = "FILE", Required = true };
        var name = Inputs.Text("--name", "The name to put into the request, for its reader.", 64);
        var command = new Command("request", "Make a key, and the request for a certificate of it.") { key, csr, name };
        return runner.Handle(command, (call, _) =>
        {
            var (keyFile, requestFile) = (call.Value(key)!, call.Value(csr)!);
            NewFile.Refuse(keyFile);
            NewFile.Refuse(requestFile);
            var pair = CertificateRequestPair.Create(call.Value(name) ?? "agency");
            SecretFile.Create(keyFile, pair.KeyPem);
            try
            {
                File.WriteAllText(requestFile, pair.RequestPem);
            }
            catch
            {
                File.Delete(keyFile);
                throw;
            }

            call.Screen.Note(
                $"Send '{requestFile}' to the operator, and keep '{keyFile}' to yourself. When the certificate comes: "
                + $"(umask 077; cat CERTIFICATE '{keyFile}' > IDENTITY)");
            return Task.FromResult(new Record().Text("key", keyFile).Text("csr", requestFile));
        });
    }

    private static Command Renew(Runner runner)
    {
        var command = new Command("renew", "Get a new key and certificate by means of the old ones, and put them in their place.");
        return runner.Handle(command, async (call, token) =>
        {
            using var old = AgencyIdentity.Load(call.IdentityPath);
            var pair = CertificateRequestPair.Create(old.Certificate.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: false));
            var answer = await call.Grid.Agencies.RenewCertificateAsync(new RenewCertificateRequest { CsrPem = pair.RequestPem }, token);
            SecretFile.Replace(call.IdentityPath, IdentityPem.Text(answer.CertificatePem, pair.KeyPem, answer.CaPem));
            return AgencyRecord.OfCertificate(answer.Certificate ?? new Certificate()).Text("identity", call.IdentityPath);
        });
    }
}
