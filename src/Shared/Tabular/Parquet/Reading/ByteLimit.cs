namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Keeps a batch's bytes of one column within bounds: a page of a few bytes can say the same long text millions of times.</summary>
internal static class ByteLimit
{
    const long Most = 1 << 30;

    public static int Checked(BytesBuilder builder, long more) =>
        builder.Bytes + more <= Most
            ? (int)more
            : throw new InvalidDataException($"A batch of one column has more than {Most >> 20} MiB of text or bytes.");
}
