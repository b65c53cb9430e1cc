using System.Security.Cryptography;
using Azure;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Collect;

/// <summary>Copies one version of a file out of the drop container.</summary>
internal static class FileLanding
{
    public static async Task<LandedArtefact> LandAsync(DroppedFile file, LakePath folder, BlobStore blobs, CancellationToken cancellationToken)
    {
        var path = folder.Child($"{0:D5}-{LandingFolder.NameFor(file.Path.FileName, "file", extension: null)}");

        // What an earlier attempt copied is that version, whatever has become of the file since.
        if (await blobs.FindAsync(path, cancellationToken) is null && await CopyAsync(file, path, blobs, cancellationToken) is { } copied)
            return Artefact(path, file, copied.Length, copied.Sha256);
        await using var landed = await blobs.OpenReadAsync(path, cancellationToken);
        return Artefact(path, file, landed.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(landed, cancellationToken)));
    }

    static async Task<(long Length, string Sha256)?> CopyAsync(DroppedFile file, LakePath path, BlobStore blobs, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await blobs.TryOpenReadAsync(file.Path, new ETag(file.ETag), cancellationToken);
            if (content is null)
                throw await GoneAsync(file, blobs, cancellationToken);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var hashing = new HashingStream(content, hash);
            return await blobs.WriteOnceAsync(path, hashing, contentType: null, cancellationToken)
                ? (hashing.Position, Convert.ToHexStringLower(hash.GetCurrentHash()))
                : null;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            throw await GoneAsync(file, blobs, cancellationToken); // while it was being read
        }
    }

    static async Task<StepFailedException> GoneAsync(DroppedFile file, BlobStore blobs, CancellationToken cancellationToken)
    {
        var there = await blobs.FindAsync(file.Path, cancellationToken);
        return there is null
            ? new(new() { Code = "file-missing", Message = $"The file '{file.Path}' is not there any more: drop it again." })
            : new(new()
            {
                Code = "file-changed",
                Message = $"The file '{file.Path}' was replaced after it was seen (version {file.ETag}, now {there.ETag}): the new version is a run of its own.",
            });
    }

    static LandedArtefact Artefact(LakePath path, DroppedFile file, long length, string sha256) => new()
    {
        Path = path,
        Name = file.Path.FileName,
        Length = length,
        Sha256 = sha256,
        KnownAt = file.ModifiedAt,
    };

    /// <summary>Hashes what is read through it. Forward only, so that nothing is hashed twice.</summary>
    sealed class HashingStream(Stream inner, IncrementalHash hash) : Stream
    {
        long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _read;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer) => Hash(buffer[..inner.Read(buffer)]);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            return Hash(buffer.Span[..read]);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        int Hash(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            _read += bytes.Length;
            return bytes.Length;
        }
    }
}
