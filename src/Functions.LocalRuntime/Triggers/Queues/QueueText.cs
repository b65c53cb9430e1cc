using System.Buffers.Text;
using System.Text;

namespace DataIngestion.LocalRuntime.Triggers.Queues;

/// <summary>The text of a queue message and the body it stands for.</summary>
internal static class QueueText
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Encode(BinaryData body, bool base64) => base64 ? Convert.ToBase64String(body) : Utf8.GetString(body);

    /// <summary>False if the text is not Base64 although it has to be.</summary>
    public static bool TryDecode(string text, bool base64, out BinaryData body)
    {
        if (!base64)
        {
            body = BinaryData.FromString(text);
            return true;
        }

        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Convert.TryFromBase64String(text, bytes, out var length))
        {
            body = new(bytes.AsMemory(0, length));
            return true;
        }

        body = new(ReadOnlyMemory<byte>.Empty);
        return false;
    }
}
