using Microsoft.Data.Sqlite;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Which errors of SQLite concern the store as a whole, so that waiting may help and work must be kept.</summary>
internal static class StoreFaults
{
    const int Constraint = 19;
    const int TooBig = 18;
    const int Mismatch = 20;
    const int Range = 25;
    const int GenericError = 1;

    public static bool IsStoreWide(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: not (Constraint or TooBig or Mismatch or Range or GenericError) } or IOException;
}
