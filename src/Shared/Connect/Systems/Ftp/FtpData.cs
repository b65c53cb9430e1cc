namespace DataIngestion.Connect;

/// <summary>What comes over a data connection. Its end counts once the server has said that it is the end.</summary>
internal sealed class FtpData(Stream data, FtpControl control, string what) : ReadOnlyStream(data)
{
    readonly Stream _data = data;
    bool _ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = _ended ? 0 : await _data.ReadAsync(buffer, cancellationToken);
        if (read > 0 || _ended || buffer.Length == 0)
            return read;
        _ended = true;
        await _data.DisposeAsync();
        var reply = await control.FinishAsync(cancellationToken);
        control.Ready();
        control.Expect(reply, what);
        return 0;
    }

    // One that is left before its end leaves the control connection unusable: the next command opens another.
    public override async ValueTask DisposeAsync()
    {
        await _data.DisposeAsync();
        await base.DisposeAsync();
    }
}
