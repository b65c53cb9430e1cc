namespace DataIngestion.Observe;

/// <summary>The three questions that a platform asks a service.</summary>
public enum HealthQuestion
{
    /// <summary>Is the process worth keeping? Looks at nothing outside it.</summary>
    Live,

    /// <summary>Can it work now? Asks every dependency.</summary>
    Ready,

    /// <summary>Has it finished starting?</summary>
    Startup,
}

/// <summary>Answers, in the words of draft-inadarei-api-health-check.</summary>
public enum HealthStatus
{
    /// <summary>Healthy.</summary>
    Pass,

    /// <summary>Working, with a concern.</summary>
    Warn,

    /// <summary>Not working.</summary>
    Fail,
}

/// <summary>What one probe found.</summary>
/// <param name="Status">The verdict.</param>
/// <param name="Detail">One sentence for people, without secrets; null when there is nothing to say.</param>
public readonly record struct HealthAnswer(HealthStatus Status, string? Detail = null);

/// <summary>One thing that a service needs in order to work. Register as a singleton.</summary>
public interface IHealthProbe
{
    /// <summary>Its name, such as <c>storage:queues</c>.</summary>
    string Name { get; }

    /// <summary>The service it belongs to; null for all.</summary>
    string? Service => null;

    /// <summary>The question it helps to answer: ready or startup.</summary>
    HealthQuestion Question => HealthQuestion.Ready;

    /// <summary>Looks. An exception means <see cref="HealthStatus.Fail"/>; it is given a few seconds.</summary>
    Task<HealthAnswer> CheckAsync(CancellationToken cancellationToken);
}
