namespace DataIngestion.Connect;

/// <summary>Scheme, host and port: what credentials belong to.</summary>
internal static class Origin
{
    public static bool IsSame(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);
}
