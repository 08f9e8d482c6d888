using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Deconfliction.Rpc.Reflection;

/// <summary>The files of the served services and all that they import, by file name, symbol and extension.</summary>
internal sealed class ReflectionIndex
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Type, int Number), FileDescriptor> _extensions = [];

    public ReflectionIndex(IEnumerable<ServiceDescriptor> services)
    {
        Services = [.. services.Select(service => service.FullName).Order(StringComparer.Ordinal)];
        foreach (var service in services)
        {
            AddFile(service.File);
        }
    }

    /// <summary>The full names, in order.</summary>
    public IReadOnlyList<string> Services { get; }

    public FileDescriptor? FileByName(string name) => _files.GetValueOrDefault(name);

    public FileDescriptor? FileOf(string symbol) => _symbols.GetValueOrDefault(symbol.TrimStart('.'));

    public FileDescriptor? FileOfExtension(string type, int number) => _extensions.GetValueOrDefault((type.TrimStart('.'), number));

    /// <summary>The extensions of a message type; null where the type is not known.</summary>
    public IReadOnlyList<int>? ExtensionsOf(string type)
    {
        type = type.TrimStart('.');
        return _symbols.ContainsKey(type)
            ? [.. _extensions.Keys.Where(key => string.Equals(key.Type, type, StringComparison.Ordinal)).Select(key => key.Number).Order()]
            : null;
    }

    /// <summary>The file and what it imports, each import before its importer, ready for the wire.</summary>
    public static IEnumerable<ByteString> WithImports(FileDescriptor file)
    {
        var ordered = new List<FileDescriptor>();
        Collect(file, ordered, []);
        // The file that was asked for comes first: clients that read one file read that.
        ordered.Reverse();
        return ordered.Select(each => each.SerializedData);
    }

    private static void Collect(FileDescriptor file, List<FileDescriptor> ordered, HashSet<string> seen)
    {
        if (!seen.Add(file.Name))
        {
            return;
        }

        foreach (var import in file.Dependencies)
        {
            Collect(import, ordered, seen);
        }

        ordered.Add(file);
    }

    private void AddFile(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var import in file.Dependencies)
        {
            AddFile(import);
        }

        foreach (var service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (var method in service.Methods)
            {
                _symbols[method.FullName] = file;
            }
        }

        foreach (var message in file.MessageTypes)
        {
            AddMessage(message);
        }

        foreach (var type in file.EnumTypes)
        {
            AddEnum(type);
        }

        AddExtensions(file.Extensions.UnorderedExtensions, file);
    }

    private void AddMessage(MessageDescriptor message)
    {
        _symbols[message.FullName] = message.File;
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            _symbols[field.FullName] = message.File;
        }

        foreach (var oneof in message.Oneofs)
        {
            _symbols[oneof.FullName] = message.File;
        }

        foreach (var nested in message.NestedTypes)
        {
            AddMessage(nested);
        }

        foreach (var type in message.EnumTypes)
        {
            AddEnum(type);
        }

        AddExtensions(message.Extensions.UnorderedExtensions, message.File);
    }

    private void AddEnum(EnumDescriptor type)
    {
        _symbols[type.FullName] = type.File;
        foreach (var value in type.Values)
        {
            _symbols[value.FullName] = type.File;
        }
    }

    private void AddExtensions(IEnumerable<FieldDescriptor> extensions, FileDescriptor file)
    {
        foreach (var extension in extensions)
        {
            _symbols[extension.FullName] = file;
            _extensions[(extension.ExtendeeType.FullName, extension.FieldNumber)] = file;
        }
    }
}
