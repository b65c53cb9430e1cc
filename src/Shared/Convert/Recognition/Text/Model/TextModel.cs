using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace DataIngestion.Conversion.Texts;

/// <summary>What the classifier says about a text.</summary>
/// <param name="Format">A class of the model.</param>
/// <param name="Probability">0–1; over all classes they add up to 1.</param>
internal readonly record struct TextGuess(string Format, float Probability);

/// <summary>
/// The trained classifier of texts: for each class a weight per feature and a bias, trained by ML.NET (<c>ingest train format-recognition</c>) and applied here,
/// because loading ML.NET would cost a converter more than its work. Thread-safe.
/// </summary>
internal sealed class TextModel
{
    const uint Mark = 0x314C4D54; // "TML1"

    static readonly Lazy<TextModel> Resource = new(() =>
    {
        using var stream = typeof(TextModel).Assembly.GetManifestResourceStream("DataIngestion.Conversion.text-classifier.bin") ?? throw new InvalidOperationException("The classifier of texts is not part of the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Read(bytes);
    });

    readonly string[] _classes;
    readonly float[] _weights;
    readonly float[] _biases;

    /// <param name="classes">Names.</param>
    /// <param name="weights">Those of the first class, then the next.</param>
    /// <param name="biases">One a class.</param>
    public TextModel(string[] classes, float[] weights, float[] biases)
    {
        if (biases.Length != classes.Length || weights.Length != classes.Length * TextFeatures.Count)
            throw new InvalidDataException("The classifier of texts does not have a weight for every feature of every class: it must be trained again.");
        (_classes, _weights, _biases) = (classes, weights, biases);
    }

    /// <summary>The model that is part of the product; read at the first use.</summary>
    public static TextModel Default => Resource.Value;

    public IReadOnlyList<string> Classes => _classes;

    /// <summary>The classes in the order of their probability.</summary>
    public TextGuess[] Guess(ReadOnlySpan<byte> text)
    {
        var probabilities = Probabilities(TextFeatures.Of(text));
        var guesses = new TextGuess[_classes.Length];
        for (var i = 0; i < guesses.Length; i++)
            guesses[i] = new(_classes[i], probabilities[i]);
        Array.Sort(guesses, static (a, b) => b.Probability.CompareTo(a.Probability));
        return guesses;
    }

    /// <summary>The probability of each class: the softmax of the weighted sums.</summary>
    public float[] Probabilities(float[] features)
    {
        var scores = new float[_classes.Length];
        var most = float.NegativeInfinity;
        for (var i = 0; i < scores.Length; i++)
            most = Math.Max(most, scores[i] = Dot(_weights.AsSpan(i * features.Length, features.Length), features) + _biases[i]);
        var sum = 0f;
        for (var i = 0; i < scores.Length; i++)
            sum += scores[i] = MathF.Exp(scores[i] - most);
        for (var i = 0; i < scores.Length; i++)
            scores[i] /= sum;
        return scores;
    }

    /// <summary>The model as bytes: mark, counts, names, biases, weights, all little-endian.</summary>
    public byte[] Write()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(Mark);
            writer.Write(_classes.Length);
            writer.Write(TextFeatures.Count);
            foreach (var name in _classes)
                writer.Write(name);
            foreach (var bias in _biases)
                writer.Write(bias);
            foreach (var weight in _weights)
                writer.Write(weight);
        }

        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no model, or one for other features.</exception>
    public static TextModel Read(byte[] bytes)
    {
        if (bytes.Length < 12 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Mark)
            throw new InvalidDataException("The bytes are no classifier of texts.");
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        _ = reader.ReadUInt32();
        var (classes, features) = (reader.ReadInt32(), reader.ReadInt32());
        if (features != TextFeatures.Count || classes is < 1 or > 1000)
            throw new InvalidDataException($"The classifier of texts is for {features} features, but there are {TextFeatures.Count}: it must be trained again.");
        var names = new string[classes];
        for (var i = 0; i < classes; i++)
            names[i] = reader.ReadString();
        return new(names, Floats(reader, classes * features, classes, out var biases), biases);
    }

    static float[] Floats(BinaryReader reader, int weights, int classes, out float[] biases)
    {
        biases = MemoryMarshal.Cast<byte, float>(reader.ReadBytes(classes * 4)).ToArray();
        return MemoryMarshal.Cast<byte, float>(reader.ReadBytes(weights * 4)).ToArray();
    }

    static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= left.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum += new Vector<float>(left[i..]) * new Vector<float>(right[i..]);
        var total = Vector.Sum(sum);
        for (; i < left.Length; i++)
            total += left[i] * right[i];
        return total;
    }
}
