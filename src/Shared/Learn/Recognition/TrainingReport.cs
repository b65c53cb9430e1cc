using System.Globalization;
using System.Text;
using DataIngestion.Conversion.Texts;

namespace DataIngestion.Learn.Recognition;

/// <summary>From what a model was trained, and how; committed beside it.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Seed">From which all that was drawn follows.</param>
/// <param name="Trainer">ML.NET's trainer.</param>
/// <param name="Classes">What it tells apart, in the order of its scores.</param>
/// <param name="Features">Numbers that stand for a text.</param>
/// <param name="TextBytes">How much of a text they are made from.</param>
/// <param name="Learned">Texts it was trained with.</param>
/// <param name="HeldOut">Texts it was judged by.</param>
/// <param name="Labelled">How many of both were labelled files, not generated.</param>
/// <param name="MlNet">Version of Microsoft.ML.</param>
/// <param name="Bytes">Size of the model.</param>
/// <param name="Sha256">Of the model.</param>
public sealed record TrainingManifest(
    string Model, int Seed, string Trainer, IReadOnlyList<string> Classes, int Features, int TextBytes, int Learned, int HeldOut, int Labelled, string MlNet, int Bytes, string Sha256);

/// <summary>One class on the texts that were held out.</summary>
/// <param name="Format">The class.</param>
/// <param name="Texts">Texts of it.</param>
/// <param name="Right">How many of them the most probable class is right for.</param>
/// <param name="Claimed">Texts of any class for which it is the most probable.</param>
/// <param name="TakenFor">What it was most often taken for instead; null if never.</param>
public sealed record ClassEvaluation(string Format, int Texts, int Right, int Claimed, string? TakenFor);

/// <summary>How right a model is.</summary>
/// <param name="Accuracy">Share of the texts that were held out for which the most probable class is right.</param>
/// <param name="WrongAndSure">How many are wrong with a probability above 0.9.</param>
/// <param name="Classes">By class.</param>
public sealed record TrainingEvaluation(double Accuracy, int WrongAndSure, IReadOnlyList<ClassEvaluation> Classes)
{
    internal static TrainingEvaluation Of(TextModel model, IReadOnlyList<TextRow> held)
    {
        var guesses = held.Select(row =>
        {
            var probabilities = model.Probabilities(row.Features);
            var best = Array.IndexOf(probabilities, probabilities.Max());
            return (row.Label, Guess: model.Classes[best], Probability: probabilities[best]);
        }).ToList();
        var classes = model.Classes.Select(format =>
        {
            var own = guesses.Where(g => g.Label == format).ToList();
            var wrong = own.Where(g => g.Guess != format).GroupBy(g => g.Guess).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault();
            return new ClassEvaluation(format, own.Count, own.Count(g => g.Guess == format), guesses.Count(g => g.Guess == format), wrong?.Key);
        }).ToList();
        return new(guesses.Count == 0 ? 0 : guesses.Count(g => g.Guess == g.Label) / (double)guesses.Count, guesses.Count(g => g.Guess != g.Label && g.Probability > 0.9f), classes);
    }

    /// <summary>For people.</summary>
    public string ToMarkdown(TrainingManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# The classifier of texts\n\nWritten by `ingest train format-recognition --seed {manifest.Seed}`: {manifest.Learned} texts learned from, {manifest.HeldOut} held out, ML.NET {manifest.MlNet} ({manifest.Trainer}).\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Right on the texts that were held out: **{Accuracy * 100:0.00} %**; wrong with a probability above 0.9: {WrongAndSure}. This is the classifier alone: in recognition its verdict counts only where the format's parser confirms it.\n\n");
        text.Append("| class | held out | right | claimed | taken for |\n|---|---|---|---|---|\n");
        foreach (var c in Classes)
            text.Append(CultureInfo.InvariantCulture, $"| {c.Format} | {c.Texts} | {c.Right} | {c.Claimed} | {c.TakenFor} |\n");
        return text.ToString();
    }
}
