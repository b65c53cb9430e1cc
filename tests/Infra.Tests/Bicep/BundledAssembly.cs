using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace DataIngestion.Infra.Tests.Bicep;

/// <summary>
/// An assembly inside a single-file program. The compiler lists its linter's rules nowhere else: each is a class with a constant 'Code'.
/// Format: https://github.com/dotnet/designs/blob/main/accepted/2020/single-file/bundler.md
/// </summary>
internal static class BundledAssembly
{
    // SHA-256 of ".net core bundle"; the eight bytes before it say where the bundle's header is.
    static readonly byte[] Signature = Convert.FromHexString("8B1202B96A612038727B930214D7A03213F5B9E6EFAE3318EE3B2DCE24B36AAE");

    /// <summary>The values of all constants of one name in the classes of one namespace.</summary>
    public static IReadOnlyList<string> Constants(string program, string assembly, string ns, string constant)
    {
        using var file = File.OpenRead(program);
        using var image = new MemoryStream(Extract(file, assembly));
        using var pe = new PEReader(image);
        var reader = pe.GetMetadataReader();

        return [..
            from type in reader.TypeDefinitions.Select(reader.GetTypeDefinition)
            where reader.GetString(type.Namespace) == ns
            from field in type.GetFields().Select(reader.GetFieldDefinition)
            where reader.GetString(field.Name) == constant && !field.GetDefaultValue().IsNil
            let value = reader.GetConstant(field.GetDefaultValue())
            select (string)reader.GetBlobReader(value.Value).ReadConstant(value.TypeCode)!];
    }

    static byte[] Extract(FileStream file, string assembly)
    {
        using var reader = new BinaryReader(file);
        file.Position = HeaderOffset(file);
        var major = reader.ReadUInt32();
        _ = reader.ReadUInt32();
        var files = reader.ReadInt32();
        _ = reader.ReadString();
        file.Position += 5 * sizeof(long); // places of two well-known files, and flags

        for (var i = 0; i < files; i++)
        {
            var (offset, size) = (reader.ReadInt64(), reader.ReadInt64());
            var compressed = major >= 6 ? reader.ReadInt64() : 0;
            _ = reader.ReadByte();
            if (reader.ReadString() != assembly)
                continue;

            var bytes = new byte[size];
            file.Position = offset;
            using Stream content = compressed == 0 ? file : new DeflateStream(file, CompressionMode.Decompress);
            content.ReadExactly(bytes);
            return bytes;
        }

        throw new InvalidOperationException($"{file.Name} holds no {assembly}.");
    }

    static long HeaderOffset(FileStream file)
    {
        var buffer = new byte[1 << 20];
        for (long start = 0; start < file.Length; start += buffer.Length - Signature.Length - sizeof(long))
        {
            file.Position = start;
            var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (buffer.AsSpan(0, read).IndexOf(Signature) is >= sizeof(long) and var at)
                return BitConverter.ToInt64(buffer, at - sizeof(long));
        }

        throw new InvalidOperationException($"{file.Name} is no single-file program.");
    }
}
