using System.Reflection;
using System.Security.Cryptography;
using DataIngestion.Conversion.Texts;
using DataIngestion.Learn.Recognition.Samples;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace DataIngestion.Learn.Recognition;

/// <summary>How the classifier of texts is trained.</summary>
public sealed record RecognitionTraining
{
    /// <summary>From which everything that is drawn follows. Default 20260101.</summary>
    public int Seed { get; init; } = 20260101;

    /// <summary>Texts generated a class, of which a fifth is held out. Default 200.</summary>
    public int PerClass { get; init; } = 200;

    /// <summary><c>sdca</c> or <c>lbfgs</c>, both of which give one weight a feature and class. Default sdca.</summary>
    public string Trainer { get; init; } = "sdca";

    /// <summary>A folder whose folders are named after classes and hold labelled texts; null for generated ones only.</summary>
    public string? Labelled { get; init; }
}

/// <summary>What a training gave.</summary>
/// <param name="Model">The model as it is committed.</param>
/// <param name="Manifest">From what, and how.</param>
/// <param name="Evaluation">How right it is on the texts that were held out.</param>
public sealed record RecognitionModel(byte[] Model, TrainingManifest Manifest, TrainingEvaluation Evaluation);

/// <summary>Trains the classifier of texts with ML.NET. On one machine the same seed gives the same bytes.</summary>
public static class RecognitionTrainer
{
    const int HeldOut = 5;
    const int MostLabelledBytes = 64 << 10;

    /// <summary>Generates, trains, evaluates.</summary>
    /// <exception cref="ArgumentException">There is no such trainer.</exception>
    public static RecognitionModel Train(RecognitionTraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        var (learned, held, labelled) = Texts(training);
        var ml = new MLContext(training.Seed);
        var definition = SchemaDefinition.Create(typeof(TextRow));
        definition[nameof(TextRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, TextFeatures.Count);
        var data = ml.Data.Cache(ml.Data.LoadFromEnumerable(learned, definition));
        var keys = ml.Transforms.Conversion.MapValueToKey(nameof(TextRow.Label), keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data);
        var keyed = keys.Transform(data);
        var model = Fit(ml, training, keyed);
        VBuffer<ReadOnlyMemory<char>> names = default;
        keyed.Schema[nameof(TextRow.Label)].GetKeyValues(ref names);
        VBuffer<float>[]? weights = null;
        model.GetWeights(ref weights, out var classes);
        var flat = new float[classes * TextFeatures.Count];
        for (var i = 0; i < classes; i++)
            weights![i].DenseValues().ToArray().CopyTo(flat, i * TextFeatures.Count);
        var own = new TextModel([.. names.DenseValues().Select(n => n.ToString())], flat, [.. model.GetBiases()]);
        var bytes = own.Write();
        var manifest = new TrainingManifest(
            "format-recognition", training.Seed, training.Trainer, own.Classes, TextFeatures.Count, TextFeatures.MostBytes, learned.Count, held.Count, labelled,
            VersionOfMlNet(), bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return new(bytes, manifest, TrainingEvaluation.Of(own, held));
    }

    /// <summary>ML.NET's own probabilities for a text, to compare with those of the committed model's own arithmetic.</summary>
    internal static float[][] ReferenceProbabilities(RecognitionTraining training, IReadOnlyList<byte[]> texts)
    {
        var (learned, _, _) = Texts(training);
        var ml = new MLContext(training.Seed);
        var definition = SchemaDefinition.Create(typeof(TextRow));
        definition[nameof(TextRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, TextFeatures.Count);
        var data = ml.Data.Cache(ml.Data.LoadFromEnumerable(learned, definition));
        var keyed = ml.Transforms.Conversion.MapValueToKey(nameof(TextRow.Label), keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);
        var predictor = Transformer(ml, training, keyed);
        var asked = ml.Data.LoadFromEnumerable(texts.Select(t => new TextRow { Label = "", Features = TextFeatures.Of(t) }), definition);
        return [.. predictor.Transform(asked).GetColumn<float[]>("Score")];
    }

    static string VersionOfMlNet() =>
        typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    static MaximumEntropyModelParameters Fit(MLContext ml, RecognitionTraining training, IDataView keyed) => Transformer(ml, training, keyed).Model;

    static MulticlassPredictionTransformer<MaximumEntropyModelParameters> Transformer(MLContext ml, RecognitionTraining training, IDataView keyed) => training.Trainer switch
    {
        // One thread: the order of additions, and so the last bit of every weight, depends on nothing else.
        "sdca" => ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options
        {
            NumberOfThreads = 1,
            MaximumNumberOfIterations = 40,
            L2Regularization = 1e-5f,
            L1Regularization = 0,
        }).Fit(keyed),
        "lbfgs" => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            NumberOfThreads = 1,
            L1Regularization = 0,
            L2Regularization = 0.05f,
            MaximumNumberOfIterations = 200,
            HistorySize = 20,
        }).Fit(keyed),
        var other => throw new ArgumentException($"There is no trainer '{other}': expected sdca or lbfgs.", nameof(training)),
    };

    /// <summary>Every fifth text of each class is held out.</summary>
    static (List<TextRow> Learned, List<TextRow> Held, int Labelled) Texts(RecognitionTraining training)
    {
        var (learned, held, labelled) = (new List<TextRow>(), new List<TextRow>(), 0);
        for (var i = 0; i < SampleBook.All.Count; i++)
        {
            for (var n = 0; n < training.PerClass; n++)
                Add(SampleBook.All[i].Format, SampleBook.Text(i, unchecked(training.Seed + (i * 1_000_003) + (n * 7_919))), n);
        }

        if (training.Labelled is { } folder)
        {
            foreach (var (format, _) in SampleBook.All)
            {
                var files = Directory.Exists(Path.Combine(folder, format)) ? Directory.GetFiles(Path.Combine(folder, format)) : [];
                Array.Sort(files, StringComparer.Ordinal);
                for (var n = 0; n < files.Length; n++, labelled++)
                    Add(format, TextEncodingsOf(files[n]), n);
            }
        }

        return (learned, held, labelled);

        void Add(string format, byte[] text, int n)
        {
            var trimmed = new TextSample(text, true, "").Start;
            if (!trimmed.IsEmpty)
                (n % HeldOut == 0 ? held : learned).Add(new() { Label = format, Features = TextFeatures.Of(trimmed) });
        }
    }

    static byte[] TextEncodingsOf(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[Math.Min(file.Length, MostLabelledBytes)];
        file.ReadExactly(bytes);
        return DataIngestion.Conversion.TextEncodings.Find(bytes).Text ?? [];
    }
}

/// <summary>A text as ML.NET takes it.</summary>
internal sealed class TextRow
{
    public string Label { get; set; } = "";

    public float[] Features { get; set; } = [];
}
