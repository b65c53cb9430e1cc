using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Fix;

/// <summary>Logs of FIX messages become rows.</summary>
public sealed class FixConversionTests
{
    static ConversionRequest Fix(NestingMode nesting = NestingMode.Flatten, string? table = null, params (string Name, string Value)[] options) => new()
    {
        Hint = new() { Format = "fix", Nesting = nesting, Table = table, Options = options.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal) },
    };

    static Task<Converted> ReadAsync(string log, ConversionRequest? request = null) => Conversions.RunAsync(Encoding.Latin1.GetBytes(log), request ?? Fix());

    [Fact]
    public async Task A_message_is_a_row_of_typed_columns_by_field_name()
    {
        var read = await ReadAsync(FixMessages.Log(2));

        Assert.Equal(["BeginString", "BodyLength", "MsgType", "SenderCompID", "TargetCompID", "MsgSeqNum", "SendingTime", "ClOrdID", "Account", "Symbol", "Side", "TransactTime", "OrderQty", "OrdType", "Price", "ExpireDate", "CheckSum"], read.Schema.Select(c => c.Name));
        Assert.Equal("int64", read.TypeOf("MsgSeqNum"));
        Assert.Equal("timestamp(us,utc)", read.TypeOf("SendingTime"));
        Assert.Equal("decimal(18,0)", read.TypeOf("OrderQty"));
        Assert.Equal("decimal(18,2)", read.TypeOf("Price"));
        Assert.Equal("date", read.TypeOf("ExpireDate"));
        Assert.Equal("0042", read[0, "Account"]);
        Assert.Equal("1", read[0, "Side"]);
        Assert.Equal("0001", read[0, "ClOrdID"]);
    }

    public static TheoryData<string, string> Writings => new()
    {
        { "\u0001", "" },
        { "|", "2024-12-31 15:30:00.123 IN  " },
        { "^A", "20241231-15:30:00.123000000 : " },
        { " | ", "" },
        { ";", "[INFO] <-- " },
        { "\\x01", "> " },
        { "<SOH>", "" },
        { "\n", "" },
        { "\u2401", "sent: " },
    };

    [Theory]
    [MemberData(nameof(Writings))]
    public async Task Logs_write_SOH_in_many_ways_and_text_before_messages(string separator, string prefix)
    {
        var log = FixMessages.Log(7, m => prefix + m.Replace("\u0001", separator, StringComparison.Ordinal));
        var read = await Conversions.RunAsync(Encoding.UTF8.GetBytes(log), Fix());
        var plain = await ReadAsync(FixMessages.Log(7));

        Assert.Empty(read.Rejected);
        Assert.Equal(7, read.Rows.Count);
        Assert.Equal(plain.Schema.Select(c => c.Name), read.Schema.Select(c => c.Name).Where(n => n != "LogPrefix"));
        Assert.Equal(plain.Rows.Select(r => r[14]), read.Rows.Select(r => r[14]));
        Assert.Equal(prefix.Trim().Length > 0 ? prefix.Trim() : null, read.Schema.IndexOf("LogPrefix") is >= 0 and var at ? read.Rows[0][at] : null);
    }

    [Fact]
    public async Task Messages_may_share_a_line_and_lie_over_lines()
    {
        var (first, second) = (FixMessages.Order(1), FixMessages.Order(2));
        var text = FixMessages.Of("FIX.4.4", "35=B|49=A|56=B|34=3|52=20241231-15:30:00|148=two\nlines|33=1|58=a\nb");
        var folded = FixMessages.Order(4).Replace("\u000155=", "\u0001\r\n  55=", StringComparison.Ordinal);
        var read = await ReadAsync($"{first}{second}\nnothing here\n{text}\n{folded}\n{FixMessages.Order(5)}  (sent)\n");

        Assert.Empty(read.Rejected);
        Assert.Equal([1L, 2L, 3L, 4L, 5L], read.Rows.Select(r => r[5]));
        Assert.Equal("two\nlines", read[2, "Headline"]);
        Assert.Contains("1 lines without a message were passed over", read.Result.Notes);
        Assert.Contains("1 texts behind a message were left out", read.Result.Notes);
    }

    [Fact]
    public async Task Damaged_messages_are_rejected_with_rule_and_place_and_the_next_one_is_read()
    {
        var order = FixMessages.Order(1);
        var log = string.Join('\n',
            order,
            order.Replace("187.44", "187.45", StringComparison.Ordinal),
            order.Replace("187.44", "187.444", StringComparison.Ordinal),
            order.Replace("55=IBM", "55IBM", StringComparison.Ordinal),
            order[..40],
            order[..^7],
            FixMessages.Order(2));
        var read = await ReadAsync(log);

        Assert.Equal(["checksum", "body-length", "garbled", "garbled", "garbled"], read.Rejected.Select(r => r.Rule));
        Assert.Equal([2L, 3L, 4L, 5L, 6L], read.Rejected.Select(r => r.Line));
        Assert.Equal(2, read.Rows.Count);
        Assert.Equal(6, (await ReadAsync(log, Fix(options: ("verify", "false")))).Result.RowsIn - 1);
    }

    [Fact]
    public async Task Repeating_groups_are_JSON_or_lists_of_structs()
    {
        var nested = FixMessages.Of("FIX.4.4", "35=D|49=A|56=B|34=1|52=20241231-15:30:00|11=x|453=2|448=P1|447=D|452=1|802=1|523=S|803=4|448=P2|447=D|452=3|54=1|60=20241231-15:30:00|40=1");
        var text = await ReadAsync(nested);
        var lists = await ReadAsync(FixMessages.Snapshot(1), Fix(NestingMode.Nested));

        Assert.Equal("""[{"PartyID":"P1","PartyIDSource":"D","PartyRole":1,"NoPartySubIDs":[{"PartySubID":"S","PartySubIDType":4}]},{"PartyID":"P2","PartyIDSource":"D","PartyRole":3}]""", text[0, "NoPartyIDs"]);
        Assert.Equal("1", text[0, "Side"]);
        Assert.Contains("list<struct<MDEntryType", lists.TypeOf("NoMDEntries"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_with_another_number_of_entries_is_rejected()
    {
        var read = await ReadAsync(FixMessages.Of("FIX.4.4", "35=W|49=A|56=B|34=1|52=20241231-15:30:00|55=X|268=3|269=0|270=1.0810|269=1|270=1.0812"));

        Assert.Equal("group-count", Assert.Single(read.Rejected).Rule);
        Assert.Equal("NoMDEntries", read.Rejected[0].Column);
    }

    [Fact]
    public async Task Data_may_hold_separators_and_bytes_that_are_no_UTF8()
    {
        var read = await ReadAsync(FixMessages.Of("FIX.4.4", "35=A|49=A|56=B|34=1|52=20241231-15:30:00|98=0|108=30|95=5|96=a|b=c|58=caf\u00e9"));

        Assert.Empty(read.Rejected);
        Assert.Equal("a\u0001b=c", read[0, "RawData"]);
        Assert.Equal("café", read[0, "Text"]);
        Assert.Contains("1 values were no UTF-8 and were read in another encoding", read.Result.Notes);
    }

    [Fact]
    public async Task Each_type_of_message_is_a_table()
    {
        var read = await ReadAsync(FixMessages.Log(9), Fix(table: "MarketDataSnapshotFullRefresh"));

        Assert.Equal(3, read.Rows.Count);
        Assert.Equal(-1, read.Schema.IndexOf("ClOrdID"));
    }

    [Fact]
    public async Task Codes_become_names_where_that_is_asked_for()
    {
        var read = await ReadAsync(FixMessages.Order(1), Fix(options: ("values", "names")));

        Assert.Equal("BUY", read[0, "Side"]);
        Assert.Equal("LIMIT", read[0, "OrdType"]);
    }

    [Fact]
    public async Task A_dictionary_declares_fields_and_groups_of_ones_own()
    {
        using var folder = new TestKit.TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "own.xml"), """
            <fix type='FIX' major='4' minor='4' servicepack='0'>
             <header/><trailer/>
             <messages><message name='Own' msgtype='U1' msgcat='app'><field name='OwnPrice' required='Y'/><group name='NoOwn' required='N'><field name='OwnID' required='Y'/></group></message></messages>
             <components/>
             <fields><field number='9001' name='OwnPrice' type='PRICE'/><field number='9002' name='NoOwn' type='NUMINGROUP'/><field number='9003' name='OwnID' type='STRING'/></fields>
            </fix>
            """, TestContext.Current.CancellationToken);
        var request = Fix(options: ("dictionary", "own.xml"));
        var read = await ReadAsync(FixMessages.Of("FIX.4.4", "35=U1|49=A|56=B|34=1|52=20241231-15:30:00|9001=5|9002=2|9003=01|9003=02|9004=x"), request with { Hint = request.Hint with { OptionFolder = folder.Path } });

        Assert.Empty(read.Rejected);
        Assert.Equal("decimal(18,0)", read.TypeOf("OwnPrice"));
        Assert.Equal("""[{"OwnID":"01"},{"OwnID":"02"}]""", read[0, "NoOwn"]);
        Assert.Equal("x", read[0, "Tag9004"]);
    }

    [Fact]
    public async Task Rows_do_not_depend_on_blocks_or_on_how_the_stream_is_cut()
    {
        var log = Encoding.Latin1.GetBytes("start\n" + FixMessages.Log(400, m => "x: " + m) + FixMessages.Order(7).Replace("IBM", "ABC", StringComparison.Ordinal) + "\n" + string.Concat(Enumerable.Range(1, 60).Select(i => FixMessages.Order(i, "1.5"))));
        var whole = await Conversions.RunAsync(log, Fix());
        foreach (var (block, chunk) in new[] { (512, int.MaxValue), (4096, 100), (1 << 16, 7) })
        {
            var cut = await Conversions.RunAsync(log, Fix(), chunk, new() { BlockBytes = block, HeadBytes = 2048 });
            Assert.Equal(whole.Bytes, cut.Bytes);
            Assert.Equal(whole.Rejected, cut.Rejected);
            Assert.Equal(whole.Result.Notes, cut.Result.Notes);
        }
    }

    [Fact]
    public async Task Damaged_logs_give_the_same_rows_in_blocks_and_at_once()
    {
        var good = Encoding.Latin1.GetBytes(FixMessages.Log(60, m => "12:00:01 " + m));
        var mutator = new TestKit.Mutator(11);
        for (var i = 0; i < 150; i++)
        {
            var log = mutator.Mutate(good);
            var request = Fix(options: ("verify", i % 2 == 0 ? "false" : "true"));
            var whole = await OutcomeAsync(log, request, new() { BlockBytes = 1 << 20, HeadBytes = 1 << 20 });
            Assert.Equal(whole, await OutcomeAsync(log, request, new() { BlockBytes = 700, HeadBytes = 1500 }));
        }
    }

    static async Task<string> OutcomeAsync(byte[] log, ConversionRequest request, Converter converter)
    {
        try
        {
            var read = await Conversions.RunAsync(log, request, converter: converter);
            return $"{System.Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(read.Bytes))} {string.Join('\n', read.Rejected)}";
        }
        catch (Exception refused) when (refused is ConversionException or InvalidDataException)
        {
            return "refused";
        }
    }
}
