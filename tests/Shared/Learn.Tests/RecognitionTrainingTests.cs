using System.Security.Cryptography;
using System.Text.Json;
using DataIngestion.Conversion.Texts;
using DataIngestion.Learn.Recognition;
using DataIngestion.Learn.Recognition.Samples;

namespace DataIngestion.Learn.Tests;

public sealed class RecognitionTrainingTests
{
    static readonly RecognitionTraining Small = new() { Seed = 5, PerClass = 10 };

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_gives_others()
    {
        var first = RecognitionTrainer.Train(Small);
        Assert.Equal(first.Model, RecognitionTrainer.Train(Small).Model);
        Assert.NotEqual(first.Model, RecognitionTrainer.Train(Small with { Seed = 6 }).Model);
    }

    [Fact]
    public void Our_arithmetic_gives_what_that_of_the_library_gives()
    {
        byte[][] texts = [.. Enumerable.Range(0, SampleBook.All.Count).Select(i => SampleBook.Text(i, 99 + i))];
        var expected = RecognitionTrainer.ReferenceProbabilities(Small, texts);
        var model = TextModel.Read(RecognitionTrainer.Train(Small).Model);
        for (var i = 0; i < texts.Length; i++)
        {
            var actual = model.Probabilities(TextFeatures.Of(texts[i]));
            Assert.Equal(expected[i].Length, actual.Length);
            for (var c = 0; c < actual.Length; c++)
                Assert.Equal(expected[i][c], actual[c], 1e-4f);
        }
    }

    [Fact]
    public void The_committed_model_is_the_one_of_its_manifest()
    {
        var bytes = TextModel.Default.Write();
        Assert.InRange(bytes.Length, 1000, 2 << 20);
        var path = Path.Combine(Root(), "src/Shared/Convert/Recognition/Text/Model/text-classifier.json");
        var manifest = JsonSerializer.Deserialize<TrainingManifest>(File.ReadAllText(path), JsonSerializerOptions.Web)!;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), manifest.Sha256);
        Assert.Equal(TextModel.Default.Classes, manifest.Classes);
        Assert.Equal(SampleBook.All.Select(s => s.Format).Order(StringComparer.Ordinal), manifest.Classes);
    }

    [Fact]
    public void A_model_for_other_features_is_refused()
    {
        var bytes = TextModel.Default.Write();
        bytes[8] ^= 1;
        Assert.Throws<InvalidDataException>(() => TextModel.Read(bytes));
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "DataIngestion.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
