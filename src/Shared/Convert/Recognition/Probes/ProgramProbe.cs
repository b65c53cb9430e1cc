using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>Programs and what compilers leave.</summary>
internal static class ProgramProbe
{
    public static Verdict? Find(ContentSample sample)
    {
        var head = sample.Head;
        return U8(head, 0) switch
        {
            0x7F => head.StartsWith("\u007FELF"u8) ? new Verdict("elf", U8(head, 4) is 1 or 2 && U8(head, 5) is 1 or 2 && U8(head, 6) == 1 ? 1 : 0.9, "starts with the header of ELF", U8(head, 4) == 2 ? "64-bit" : "32-bit") : null,
            'M' => Windows(sample, head),
            0xCA => Java(head),
            0xFE => U32Big(head, 0) is 0xFEEDFACE or 0xFEEDFACF ? Mach(head) : null,
            0xCE or 0xCF => U32(head, 0) is 0xFEEDFACE or 0xFEEDFACF ? Mach(head) : null,
            0 => head.StartsWith("\0asm"u8) && U32(head, 4) is 1 or 2 or 0x1000D ? new Verdict("wasm", 1, "starts with the header of WebAssembly", $"{U32(head, 4)}") : null,
            'd' => head.StartsWith("dex\n0"u8) ? new Verdict("dex", 1, "starts with the mark of a Dalvik program", Text(head.Slice(4, 3))) : null,
            'B' => Is(head, 0, [(byte)'B', (byte)'C', 0xC0, 0xDE]) ? new Verdict("llvm-bitcode", 0.9, "starts with the mark of LLVM bitcode") : null,
            0x1B => head.StartsWith("\u001BLua"u8) ? new Verdict("luac", 1, "starts with the mark of a compiled Lua program") : null,
            0xAC => Is(head, 0, [0xAC, 0xED, 0, 5]) ? new Verdict("java-serialized", 1, "starts with the header of serialised Java objects", "5") : null,
            _ => null,
        }
        ?? Python(head);
    }

    static Verdict? Windows(ContentSample sample, ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("MZ"u8) || head.Length < 64)
            return null;
        var at = U32(head, 60);
        Span<byte> mark = stackalloc byte[26];
        if (at is > 0 and < 1 << 26 && sample.TryRead(at, mark))
        {
            if (mark.StartsWith("PE\0\0"u8))
                return new("pe", 1, "starts with the header of a DOS program, which leads to that of a Windows program", U16(mark, 24) == 0x20B ? "PE32+" : "PE32");
            if (mark.StartsWith("NE"u8) || mark.StartsWith("LE"u8) || mark.StartsWith("LX"u8))
                return new("exe", 1, "starts with the header of a DOS program, which leads to a newer one", Text(mark[..2]));
        }

        return U16(head, 2) < 512 && U16(head, 4) > 0 && head[..64].Contains((byte)0) ? new("exe", 0.8, "starts with the header of a DOS program", "MZ") : null;
    }

    /// <summary>A class file and a fat Mach-O file share their mark: what follows is the compiler's version, or a small number of machines.</summary>
    static Verdict? Java(ReadOnlySpan<byte> head)
    {
        if (U32Big(head, 0) != 0xCAFEBABE)
            return U32Big(head, 0) == 0xCAFED00D ? new("pack200", 0.9, "starts with the mark of Pack200") : null;
        var (minor, major) = (U16Big(head, 4), U16Big(head, 6));
        if (minor == 0 && major is > 0 and < 40)
            return new("macho", 0.95, "starts with the header of a program for several machines", "universal");
        return major is >= 43 and < 90 ? new("java-class", 1, "starts with the header of a Java class", $"{major}.{minor}") : null;
    }

    static Verdict Mach(ReadOnlySpan<byte> head) =>
        new("macho", 1, "starts with the header of Mach-O", (U32(head, 0) is 0xFEEDFACF || U32Big(head, 0) is 0xFEEDFACF) ? "64-bit" : "32-bit");

    static Verdict? Python(ReadOnlySpan<byte> head) =>
        U16(head, 2) == 0x0A0D && U16(head, 0) is >= 3000 and < 3700 && head.Length > 16 && (U32(head, 4) <= 3) && U8(head, 16) is 0xE3 or 0x63
            ? new("pyc", 1, "starts with the header of a compiled Python module") : null;
}
