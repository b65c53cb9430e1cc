namespace DataIngestion.Connect;

/// <summary>
/// Tokens that retries are paid with, so that a source which is down is not asked several times as often as one which is well. First
/// attempts cost nothing and are never held back.
/// </summary>
/// <remarks>
/// The figures are those of the AWS SDKs' standard mode as published for 2026 ("Retry behavior", AWS SDKs and Tools Reference Guide:
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html; aws-sdk-java-v2, DefaultRetryStrategy, constants V21):
/// capacity 500, 14 for a retry after a transient fault, 5 after throttling; a retry that succeeds gives back what it cost, a first
/// attempt that succeeds adds 1. A hedge is priced like a retry after throttling, since nothing has failed, and gives nothing back: in
/// the long run one request in six may be hedged.
/// </remarks>
/// <param name="capacity">Tokens of a full budget; 0 for retries without one.</param>
internal sealed class RetryBudget(int capacity)
{
    public const int TransientCost = 14;
    public const int ThrottledCost = 5;
    public const int HedgeCost = 5;
    const int FirstSuccess = 1;

    readonly Lock _lock = new();
    readonly int _capacity = capacity;
    int _tokens = capacity;

    /// <summary>Tokens left; null without a budget.</summary>
    public int? Left
    {
        get
        {
            lock (_lock)
                return _capacity == 0 ? null : _tokens;
        }
    }

    /// <summary>Pays, if there is enough.</summary>
    public bool TryPay(int cost)
    {
        if (_capacity == 0)
            return true;
        lock (_lock)
        {
            if (_tokens < cost)
                return false;
            _tokens -= cost;
            return true;
        }
    }

    /// <summary>Something succeeded.</summary>
    /// <param name="lastCost">What the retry cost that did; 0 for a first attempt.</param>
    public void Succeeded(int lastCost)
    {
        lock (_lock)
            _tokens = Math.Min(_capacity, _tokens + (lastCost == 0 ? FirstSuccess : lastCost));
    }
}
