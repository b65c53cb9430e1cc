using System.CommandLine;
using System.Text.Json;
using DataIngestion.Learn.Recognition;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest train MODEL</c>: trains a model that is part of the product.</summary>
internal static class TrainCommand
{
    /// <summary>Where the classifier of texts lies in the repository.</summary>
    const string Folder = "src/Shared/Convert/Recognition/Text/Model";

    static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var command = new Command("train", "Train a model that is part of the product.");
        command.Subcommands.Add(Recognition(environment, options));
        return command;
    }

    static Command Recognition(CommandEnvironment environment, GlobalOptions options)
    {
        var defaults = new RecognitionTraining();
        var seed = new Option<int>("--seed") { Description = "From which everything that is drawn follows; the same seed gives the same bytes.", DefaultValueFactory = _ => defaults.Seed };
        var texts = new Option<int>("--texts") { Description = "Texts generated a class, of which a fifth is held out.", DefaultValueFactory = _ => defaults.PerClass };
        var trainer = new Option<string>("--trainer") { Description = "sdca or lbfgs.", DefaultValueFactory = _ => defaults.Trainer };
        trainer.AcceptOnlyFromAmong("sdca", "lbfgs");
        var labelled = new Option<string?>("--labelled") { Description = "A folder with a folder of texts for each class, to learn from beside those that are generated." };
        var output = new Option<string?>("--output", "-o") { Description = $"Where model, manifest and evaluation go. Default: {Folder}." };
        var command = new Command("format-recognition", "The classifier of texts, from generated files.") { seed, texts, trainer, labelled, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = environment.Resolve(parsed.GetValue(output) ?? Path.Combine(RepositoryRoot.Find(AppContext.BaseDirectory) ?? environment.Directory, Folder));
            if (parsed.GetValue(texts) < 10)
                throw new CommandFailedException(ExitCodes.Usage, "'--texts' must be 10 or more: a fifth of them is held out.");
            var from = parsed.GetValue(labelled) is { } named ? environment.Resolve(named) : null;
            if (from is not null && !Directory.Exists(from))
                throw new CommandFailedException(ExitCodes.NotFound, $"There is no folder '{from}'.");
            var trained = RecognitionTrainer.Train(new() { Seed = parsed.GetValue(seed), PerClass = parsed.GetValue(texts), Trainer = parsed.GetValue(trainer)!, Labelled = from });
            Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(Path.Combine(folder, "text-classifier.bin"), trained.Model, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "text-classifier.json"), JsonSerializer.Serialize(trained.Manifest, Indented) + "\n", cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "text-classifier.md"), trained.Evaluation.ToMarkdown(trained.Manifest), cancellationToken);
            if (parsed.GetValue(options.Json))
                environment.WriteJson(new { folder, trained.Manifest.Sha256, trained.Manifest.Bytes, trained.Manifest.Learned, trained.Manifest.HeldOut, trained.Evaluation.Accuracy, trained.Evaluation.WrongAndSure });
            else
                environment.Output.WriteLine($"{trained.Manifest.Learned} texts learned, {trained.Manifest.HeldOut} held out: {trained.Evaluation.Accuracy * 100:0.00} % right, {trained.Evaluation.WrongAndSure} wrong and sure; {trained.Manifest.Bytes} bytes in {folder}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
