using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;
using NpgsqlTypes;

namespace DataIngestion.Connect;

/// <summary>
/// Changes as newline-delimited JSON: <c>_op</c> (i insert, u update, d delete, t truncate), <c>_table</c>, <c>_lsn</c>, <c>_xid</c>,
/// <c>_committed_at</c>, for updates and deletes <c>_before</c> with what the table's replica identity tells of the old row, for values
/// that were not sent because they did not change <c>_unchanged</c> with their names, then the new row's columns.
/// </summary>
internal sealed class PostgreSqlChangeLines : IDisposable
{
    const int FlushAt = 256 << 10;

    readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + (64 << 10));
    readonly Utf8JsonWriter _json;

    public PostgreSqlChangeLines() => _json = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <inheritdoc />
    public void Dispose() => _json.Dispose();

    /// <summary>Changes added.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes added.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether it is time to call <see cref="FlushAsync"/>.</summary>
    public bool IsFull => _buffer.WrittenCount >= FlushAt;

    /// <summary>Adds a change; other messages are passed over.</summary>
    public async ValueTask AddAsync(PgOutputReplicationMessage message, PostgreSqlTransactionMark mark, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case InsertMessage insert:
                Begin("i", insert.Relation, message.WalStart, mark);
                End(await RowAsync(insert.Relation, insert.NewRow, cancellationToken));
                break;
            case FullUpdateMessage update:
                Begin("u", update.Relation, message.WalStart, mark);
                await BeforeAsync(update.Relation, update.OldRow, keyOnly: false, cancellationToken);
                End(await RowAsync(update.Relation, update.NewRow, cancellationToken));
                break;
            case IndexUpdateMessage update:
                Begin("u", update.Relation, message.WalStart, mark);
                await BeforeAsync(update.Relation, update.Key, keyOnly: true, cancellationToken);
                End(await RowAsync(update.Relation, update.NewRow, cancellationToken));
                break;
            case UpdateMessage update:
                Begin("u", update.Relation, message.WalStart, mark);
                End(await RowAsync(update.Relation, update.NewRow, cancellationToken));
                break;
            case FullDeleteMessage delete:
                Begin("d", delete.Relation, message.WalStart, mark);
                await BeforeAsync(delete.Relation, delete.OldRow, keyOnly: false, cancellationToken);
                End([]);
                break;
            case KeyDeleteMessage delete:
                Begin("d", delete.Relation, message.WalStart, mark);
                await BeforeAsync(delete.Relation, delete.Key, keyOnly: true, cancellationToken);
                End([]);
                break;
            case TruncateMessage truncate:
                foreach (var relation in truncate.Relations)
                {
                    Begin("t", relation, message.WalStart, mark);
                    End([]);
                }

                break;
        }
    }

    /// <summary>Writes out what was added; must be called at the end.</summary>
    public async ValueTask FlushAsync(Stream destination, CancellationToken cancellationToken)
    {
        await destination.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _buffer.ResetWrittenCount();
    }

    void Begin(string operation, RelationMessage relation, NpgsqlLogSequenceNumber lsn, PostgreSqlTransactionMark mark)
    {
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("_op", operation);
        _json.WriteString("_table", SqlName.Format(relation.Namespace, relation.RelationName));
        _json.WriteString("_lsn", lsn.ToString());
        _json.WriteNumber("_xid", mark.Xid);
        _json.WriteString("_committed_at", mark.CommittedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
    }

    async ValueTask BeforeAsync(RelationMessage relation, ReplicationTuple tuple, bool keyOnly, CancellationToken cancellationToken)
    {
        _json.WriteStartObject("_before");
        var i = 0;
        await foreach (var value in tuple.WithCancellation(cancellationToken))
        {
            var column = relation.Columns[i++];
            if (value.IsUnchangedToastedValue || (keyOnly && !column.Flags.HasFlag(RelationMessage.Column.ColumnFlags.PartOfKey)))
                continue;
            _json.WritePropertyName(column.ColumnName);
            await WriteAsync(column.DataTypeId, value, cancellationToken);
        }

        _json.WriteEndObject();
    }

    // Columns of the row; gives the names of those that were not sent.
    async ValueTask<List<string>> RowAsync(RelationMessage relation, ReplicationTuple tuple, CancellationToken cancellationToken)
    {
        var unchanged = new List<string>();
        var i = 0;
        await foreach (var value in tuple.WithCancellation(cancellationToken))
        {
            var column = relation.Columns[i++];
            if (value.IsUnchangedToastedValue)
            {
                unchanged.Add(column.ColumnName);
                continue;
            }

            _json.WritePropertyName(column.ColumnName);
            await WriteAsync(column.DataTypeId, value, cancellationToken);
        }

        return unchanged;
    }

    void End(List<string> unchanged)
    {
        if (unchanged.Count > 0)
        {
            _json.WriteStartArray("_unchanged");
            foreach (var name in unchanged)
                _json.WriteStringValue(name);
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
        _json.Flush();
        Bytes += _json.BytesCommitted + 1;
        _buffer.Write("\n"u8);
        Records++;
    }

    async ValueTask WriteAsync(uint type, ReplicationValue value, CancellationToken cancellationToken)
    {
        if (value.IsDBNull)
        {
            _json.WriteNullValue();
            return;
        }

        using var text = value.GetTextReader();
        PostgreSqlText.Write(_json, type, await text.ReadToEndAsync(cancellationToken));
    }
}

/// <summary>What a transaction's beginning says of it.</summary>
internal readonly record struct PostgreSqlTransactionMark(uint Xid, DateTime CommittedAt);
