namespace DataIngestion.Cli.Shipping;

/// <summary>Waits until every service of an app says that it is ready.</summary>
internal sealed class ReadyWait(CommandEnvironment environment)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Asks each service again until it is ready.</summary>
    /// <param name="address">The app's address.</param>
    /// <param name="services">Its services.</param>
    /// <param name="limit">How long, in all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What keeps services from being ready when the time is over; empty when all are.</returns>
    public async Task<IReadOnlyList<string>> WaitAsync(Uri address, IReadOnlyCollection<string> services, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = environment.Time.GetTimestamp();
        using var http = environment.Http.CreateClient("health");
        while (true)
        {
            var faults = new List<string>();
            foreach (var service in services)
            {
                if (await FaultOfAsync(http, address, service, "ready", cancellationToken) is { } fault)
                    faults.Add(fault);
            }

            if (faults.Count == 0 || environment.Time.GetElapsedTime(began) >= limit)
                return faults;
            await Task.Delay(Interval, environment.Time, cancellationToken);
        }
    }

    /// <summary>Asks a service one health question.</summary>
    /// <returns>What is wrong, in one sentence; null when the answer is yes.</returns>
    public static async Task<string?> FaultOfAsync(HttpClient http, Uri address, string service, string question, CancellationToken cancellationToken)
    {
        var url = new Uri(address, $"api/{service}/health/{question}");
        try
        {
            using var answer = await http.GetAsync(url, cancellationToken);
            if (answer.IsSuccessStatusCode)
                return null;
            var report = HealthAnswers.Read(await answer.Content.ReadAsStringAsync(cancellationToken));
            return report.Count > 0
                ? $"{service} is not {question}: {string.Join("; ", report)}"
                : $"{service} is not {question}: {url} answers {(int)answer.StatusCode} {answer.ReasonPhrase}.";
        }
        catch (HttpRequestException failure)
        {
            return $"{service} does not answer at {url}: {failure.Message}";
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{service} does not answer at {url} within {http.Timeout.TotalSeconds:0} s.";
        }
    }
}
