namespace DataIngestion.Recover;

/// <summary>Forward reading of a stream that fails, before its last bytes are given out, when it is not what it should be: nobody can take a wrong content for whole.</summary>
/// <param name="inner">The stream.</param>
/// <param name="sha256">The hash that it should have.</param>
/// <param name="length">The bytes that it should have.</param>
/// <param name="what">What it is, for people.</param>
internal sealed class VerifiedStream(Stream inner, string sha256, long length, string what) : HashingStream(inner)
{
    bool _checked;

    protected override void Seen(int read)
    {
        if (_checked ? read == 0 : Count < length && read > 0)
            return;
        if (Count == length)
        {
            if (_checked)
                return;
            _checked = true;
            if (Finish().Sha256 == sha256)
                return;
        }

        throw new BackupDamagedException($"The content of {what} is not what it was: expected {length} bytes with SHA-256 {sha256}.");
    }
}
