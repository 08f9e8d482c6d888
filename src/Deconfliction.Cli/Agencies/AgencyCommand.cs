using System.CommandLine;
using System.Security.Cryptography;
using Deconfliction.Cli.Identities;
using Deconfliction.Cli.Invocation;
using Deconfliction.Cli.Screens;
using Deconfliction.Client;
using Deconfliction.Client.Identities;
using Deconfliction.Protocol.V1;
using Google.Protobuf;

namespace Deconfliction.Cli.Agencies;

/// <summary><c>agency add|certify|list|revoke</c>, for operators.</summary>
internal static class AgencyCommand
{
    public static Command Build(Runner runner) => new("agency", "The members of the grid; for operators.")
    {
        Add(runner), Certify(runner), List(runner), Revoke(runner),
    };

    private static Command Add(Runner runner)
    {
        var id = Inputs.Word("ID", "The agency's id: 2 to 63 of a-z, 0-9 and, inside, hyphens.");
        var name = Inputs.Text("--name", "The agency's name for readers.", 128, required: true);
        var role = Inputs.Choice<AgencyRole>("--role", "What it may do", required: true);
        var contact = Inputs.Text("--contact", "Whom to call where a claim names nobody.", 256, required: true);
        var csr = RequestFile();
        var domain = new Option<string?>("--trust-domain")
        {
            Description = "The trust domain of the outside authority that vouches for it; the grid's own where none is named.", HelpName = "DOMAIN",
        };
        var isOutside = new Option<bool>("--no-certificate")
        {
            Description = "No certificate is signed: the grid has an outside authority, and the agency comes with one of its own.",
        };
        var destination = new Option<string?>("--out")
        {
            Description = "Where to write the certificate (and the key, if it is made here). The file must not be there yet.", HelpName = "FILE",
        };
        var command = new Command("add", "Add an agency and sign its certificate.") { id, name, role, contact, csr, destination, domain, isOutside };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(isOutside))
            {
                if (result.GetResult(destination) is null)
                {
                    result.AddError("Name where the certificate is written: --out FILE. Where an outside authority signs it: --no-certificate.");
                }
            }
            else if (result.GetResult(destination) is not null || result.GetResult(csr) is not null)
            {
                result.AddError("With --no-certificate there is nothing to write or to sign: leave --out and --csr out.");
            }
        });
        return runner.Handle(command, (call, token) =>
        {
            var request = new CreateAgencyRequest
            {
                Agency = call.Value(id), Name = call.Value(name), Role = call.Value(role), Contact = call.Value(contact),
                TrustDomain = call.Value(domain) ?? "",
            };
            if (call.Value(isOutside))
            {
                return AddWithoutCertificateAsync(call, request, token);
            }

            return call.Value(csr) is { } file
                ? AddWithRequestAsync(call, request, file, call.Value(destination)!, token)
                : AddWithNewKeyAsync(call, request, call.Value(destination)!, token);
        });
    }

    private static Command Certify(Runner runner)
    {
        var id = Inputs.Word("ID", "The agency's id.");
        var csr = RequestFile();
        var destination = new Option<string>("--out")
        {
            Description = "Where to write the certificate (and the key, if it is made here). The file must not be there yet.", HelpName = "FILE", Required = true,
        };
        var keyLost = new Option<bool>("--key-lost")
        {
            Description = "The key of a certificate that is still valid was lost. Without this an agency that has one is refused: it renews by that one.",
        };
        var command = new Command("certify", "Sign a new certificate for an agency whose own has expired or was lost. Older ones stay valid until they expire.")
        {
            id, csr, destination, keyLost,
        };
        return runner.Handle(command, async (call, token) =>
        {
            var (agency, file) = (call.Value(id), call.Value(destination)!);
            var pair = call.Value(csr) is null ? CertificateRequestPair.Create(agency) : null;
            var request = new IssueCertificateRequest
            {
                Agency = agency, CsrPem = pair?.RequestPem ?? await File.ReadAllTextAsync(call.Value(csr)!, token), KeyLost = call.Value(keyLost),
            };
            NewFile.Refuse(file);
            var agencies = call.Grid.Agencies;
            // Taken before the server is asked: afterwards there must be a place for it. Where the outcome is unknown nothing is needed of
            // this attempt: the next one gets a certificate of its own.
            SecretFile.Create(file, "");
            try
            {
                var answer = await agencies.IssueCertificateAsync(request, token);
                SecretFile.Replace(file, IdentityPem.Text(answer.CertificatePem, pair?.KeyPem ?? "", answer.CaPem));
                call.Screen.Note(pair is null ? HowToJoin(file) : KeyWasMadeHere(file));
                return AgencyRecord.OfCertificate(answer.Certificate ?? new Certificate()).Text("agency", agency).Text("out", file);
            }
            catch
            {
                File.Delete(file);
                throw;
            }
        });
    }

    private static Option<string?> RequestFile() => new("--csr")
    {
        Description = "The agency's own certificate request, in PEM (made by: deconflict identity request). Without one a key is made here.", HelpName = "FILE",
    };

    private static string HowToJoin(string file) =>
        $"Send '{file}' to the agency. It joins it with its own key: (umask 077; cat {Path.GetFileName(file)} KEY > IDENTITY)";

    private static string KeyWasMadeHere(string file) =>
        $"Warning: the agency's private key was made on this machine and lies in '{file}'. Hand it over safely and delete it here, "
        + "or let the agency make its own (deconflict identity request) and use --csr.";

    private static async Task<Record> AddWithoutCertificateAsync(Call call, CreateAgencyRequest request, CancellationToken cancellationToken)
    {
        request.RequestId = RepeatableId(request);
        return AgencyRecord.Of((await call.Grid.Agencies.CreateAsync(request, cancellationToken)).Agency);
    }

    private static async Task<Record> AddWithRequestAsync(
        Call call, CreateAgencyRequest request, string requestFile, string destination, CancellationToken cancellationToken)
    {
        request.CsrPem = await File.ReadAllTextAsync(requestFile, cancellationToken);
        request.RequestId = RepeatableId(request);
        // Taken before the server is asked: afterwards there must be a place for the certificate.
        await using var file = NewFile.Open(destination);
        try
        {
            var answer = await call.Grid.Agencies.CreateAsync(request, cancellationToken);
            await file.WriteAsync(IdentityPem.Bytes(answer.CertificatePem, "", answer.CaPem), cancellationToken);
            call.Screen.Note(HowToJoin(destination));
            return AgencyRecord.Of(answer.Agency).Text("out", destination);
        }
        catch
        {
            File.Delete(destination);
            throw;
        }
    }

    private static async Task<Record> AddWithNewKeyAsync(Call call, CreateAgencyRequest request, string destination, CancellationToken cancellationToken)
    {
        var pair = CertificateRequestPair.Create(request.Agency);
        request.CsrPem = pair.RequestPem;
        request.RequestId = RepeatableId(request);
        var (keyFile, requestFile) = (destination + ".key", destination + ".csr");
        Array.ForEach([destination, keyFile, requestFile], NewFile.Refuse);
        var agencies = call.Grid.Agencies; // Where there is no usable identity, nothing is made.
        SecretFile.Create(keyFile, pair.KeyPem);
        try
        {
            var answer = await agencies.CreateAsync(request, cancellationToken);
            SecretFile.Create(destination, IdentityPem.Text(answer.CertificatePem, pair.KeyPem, answer.CaPem));
            File.Delete(keyFile);
            call.Screen.Note(KeyWasMadeHere(destination));
            return AgencyRecord.Of(answer.Agency).Text("out", destination);
        }
        catch (GridException problem) when (!problem.Error.MayBeDone)
        {
            File.Delete(keyFile);
            call.Screen.Note("The agency was not added, and nothing is left behind: the key that was made for it is deleted.");
            throw;
        }
        catch
        {
            // The agency may be there by now, for this key and no other: so the key stays, and the same request can be made again.
            await File.WriteAllTextAsync(requestFile, pair.RequestPem, CancellationToken.None);
            call.Screen.Note(
                $"It is not known whether the agency was added. Its key is kept in '{keyFile}'. Do the same again with --csr '{requestFile}', "
                + $"then join the two: (umask 077; cat {destination} {keyFile} > IDENTITY)");
            throw;
        }
    }

    // The same agency and certificate request are the same request, also from another run of the program.
    private static string RepeatableId(CreateAgencyRequest request) =>
        new Guid(SHA256.HashData(request.ToByteArray()).AsSpan(0, 16)).ToString();

    private static Command List(Runner runner)
    {
        var limit = Inputs.Number("--limit", "Stop after so many.", "COUNT", 1, int.MaxValue);
        var command = new Command("list", "List agencies.") { limit };
        return runner.Handle(command, (call, token) => Listing.ShowAsync(
            call.Screen, call.Grid.Agencies.ListAsync(token), AgencyRecord.Of, AgencyRecord.Columns, call.Value(limit), "There are no agencies."));
    }

    private static Command Revoke(Runner runner)
    {
        var id = Inputs.Word("ID", "The agency's id.");
        var command = new Command("revoke", "Refuse all certificates of an agency from now on, and cut its open streams.") { id };
        return runner.Handle(command, async (call, token) => AgencyRecord.Of(
            await call.Grid.Agencies.RevokeAsync(new RevokeAgencyRequest { Agency = call.Value(id) }, token)));
    }
}
