namespace DataIngestion.Conversion.Compression;

/// <summary>Compressed bytes are not what their format allows. The message is a clause: what is wrong, and where in the compressed bytes.</summary>
internal sealed class CompressionDamage(string message, Exception? inner = null) : Exception(message, inner)
{
    public static CompressionDamage CutOff(string what) => new($"it is cut off in {what}");
}
