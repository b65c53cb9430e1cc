using System.Text;
using Azure;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Storage.Tests;

public sealed class BlobStoreTests(AzuriteFixture azurite)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(10)]
    [InlineData(9 << 20)] // above one block
    public async Task Of_many_writers_of_one_path_one_wins_and_its_bytes_stay(int length)
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var path = emulator.Folder.Child("raced");

        var wrote = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            using var content = new MemoryStream(Enumerable.Repeat((byte)i, length).ToArray());
            return await emulator.Blobs.WriteOnceAsync(path, content, cancellationToken: Cancel);
        }));

        var winner = Array.IndexOf(wrote, true);
        Assert.Single(wrote, w => w);
        using var read = await emulator.Blobs.OpenReadAsync(path, Cancel);
        var bytes = new byte[length];
        await read.ReadExactlyAsync(bytes, Cancel);
        Assert.Equal(-1, read.ReadByte());
        Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)winner));
    }

    [Fact]
    public async Task A_stream_that_cannot_be_rewound_is_written_too()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var bytes = new byte[(17 << 20) + 3];
        new Random(1).NextBytes(bytes);

        Assert.True(await emulator.Blobs.WriteOnceAsync(emulator.Folder.Child("forward"), new ForwardStream(bytes), "text/csv", Cancel));

        Assert.Equal(bytes.Length, (await emulator.Blobs.FindAsync(emulator.Folder.Child("forward"), Cancel))!.Length);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var path = emulator.Folder.Child("broken");

        await Assert.ThrowsAsync<IOException>(() => emulator.Blobs.WriteOnceAsync(path, new ForwardStream(new byte[20 << 20], breakAt: 12 << 20), cancellationToken: Cancel));

        Assert.Null(await emulator.Blobs.FindAsync(path, Cancel));
        using var whole = new MemoryStream([1, 2, 3]);
        Assert.True(await emulator.Blobs.WriteOnceAsync(path, whole, cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_document_is_replaced_only_from_the_version_that_was_read()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var path = emulator.Folder.Child("pointer.json");
        Assert.True(await emulator.Blobs.TryReplaceJsonAsync(path, new Box(1), null, Cancel));
        Assert.False(await emulator.Blobs.TryReplaceJsonAsync(path, new Box(9), null, Cancel));
        var read = await emulator.Blobs.ReadJsonAsync<Box>(path, Cancel);

        Assert.True(await emulator.Blobs.TryReplaceJsonAsync(path, new Box(2), read!.ETag, Cancel));
        Assert.False(await emulator.Blobs.TryReplaceJsonAsync(path, new Box(3), read.ETag, Cancel));

        Assert.Equal(2, (await emulator.Blobs.ReadJsonAsync<Box>(path, Cancel))!.Value.Number);
        await emulator.Blobs.DeleteAsync(path, Cancel);
        Assert.False(await emulator.Blobs.TryReplaceJsonAsync(path, new Box(4), read.ETag, Cancel));
    }

    [Fact]
    public async Task Counting_by_replacement_loses_nothing_under_concurrency()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var path = emulator.Folder.Child("count.json");

        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            for (var done = 0; done < 4;)
            {
                var read = await emulator.Blobs.ReadJsonAsync<Box>(path, Cancel);
                if (await emulator.Blobs.TryReplaceJsonAsync(path, new Box((read?.Value.Number ?? 0) + 1), read?.ETag, Cancel))
                    done++;
            }
        }));

        Assert.Equal(20, (await emulator.Blobs.ReadJsonAsync<Box>(path, Cancel))!.Value.Number);
    }

    [Fact]
    public async Task A_blob_that_changes_while_it_is_read_fails_rather_than_mixing_versions()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var path = emulator.Folder.Child("changing");
        using (var first = new MemoryStream(Enumerable.Repeat((byte)1, 9 << 20).ToArray()))
            await emulator.Blobs.WriteOnceAsync(path, first, cancellationToken: Cancel);
        using var reading = await emulator.Blobs.OpenReadAsync(path, Cancel);
        await reading.ReadExactlyAsync(new byte[100], Cancel);

        await emulator.Blobs.Client(path).UploadAsync(new BinaryData(Enumerable.Repeat((byte)2, 9 << 20).ToArray()), overwrite: true, Cancel);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(async () =>
        {
            var buffer = new byte[1 << 20];
            while (await reading.ReadAsync(buffer, Cancel) is var read && read > 0)
                Assert.Equal(-1, buffer.AsSpan(0, read).IndexOf((byte)2));
        });
        Assert.Equal(412, failure.Status);
    }

    [Fact]
    public async Task What_is_not_there_is_null_or_says_so()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        foreach (var path in (LakePath[])[emulator.Folder.Child("missing"), new("no-such-container", "missing")])
        {
            Assert.Null(await emulator.Blobs.FindAsync(path, Cancel));
            Assert.Null(await emulator.Blobs.ReadJsonAsync<Box>(path, Cancel));
            Assert.Equal("blob-missing", (await Assert.ThrowsAsync<StepFailedException>(() => emulator.Blobs.OpenReadAsync(path, Cancel))).Failure.Code);
            await emulator.Blobs.DeleteAsync(path, Cancel);
            Assert.Empty(await ListAsync(emulator, path));
        }
    }

    [Fact]
    public async Task Writing_without_a_container_says_what_is_missing()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var path = new LakePath("no-such-container", "a/b");

        foreach (var write in (Func<Task>[])[() => emulator.Blobs.WriteJsonOnceAsync(path, new Box(1), Cancel), () => emulator.Blobs.TryReplaceJsonAsync(path, new Box(1), null, Cancel)])
        {
            var failure = (await Assert.ThrowsAsync<StepFailedException>(write)).Failure;
            Assert.Equal(("container-missing", "'no-such-container/a/b' cannot be written because the container 'no-such-container' does not exist: it is created when the application starts."), (failure.Code, failure.Message));
        }
    }

    [Theory]
    [InlineData("{\n \"number\": \"x\"}", "at line 2, $.number:")]
    [InlineData("", "at line 1")]
    [InlineData("null", "nothing but null")]
    public async Task A_document_that_cannot_be_read_says_where(string content, string expected)
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var path = emulator.Folder.Child("odd.json");
        using (var odd = new MemoryStream(Encoding.UTF8.GetBytes(content)))
            await emulator.Blobs.WriteOnceAsync(path, odd, cancellationToken: Cancel);

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => emulator.Blobs.ReadJsonAsync<Box>(path, Cancel))).Failure;

        Assert.Equal("document-unreadable", failure.Code);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_folder_leaves_its_neighbours()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        foreach (var name in (string[])["run-1/a", "run-1/b/c", "run-10/a"])
            await emulator.Blobs.WriteJsonOnceAsync(emulator.Folder.Child(name), new Box(1), Cancel);

        Assert.Equal(2, await emulator.Blobs.DeleteFolderAsync(emulator.Folder.Child("run-1"), Cancel));

        Assert.Equal([emulator.Folder.Child("run-10/a")], (await ListAsync(emulator, emulator.Folder)).Select(b => b.Path));
        Assert.Equal(0, await emulator.Blobs.DeleteFolderAsync(emulator.Folder.Child("run-1"), Cancel));
    }

    static async Task<List<BlobEntry>> ListAsync(Emulator emulator, LakePath folder)
    {
        var found = new List<BlobEntry>();
        await foreach (var blob in emulator.Blobs.ListAsync(folder.Container, folder.Name + "/", Cancel))
            found.Add(blob);
        return found;
    }

    sealed record Box(int Number);

    /// <summary>Bytes as they come from a socket: forward only, and perhaps not all of them.</summary>
    sealed class ForwardStream(byte[] bytes, int breakAt = int.MaxValue) : Stream
    {
        int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_at >= breakAt)
                throw new IOException("the connection broke.");
            var read = Math.Min(count, bytes.Length - _at);
            bytes.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
            _at += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
