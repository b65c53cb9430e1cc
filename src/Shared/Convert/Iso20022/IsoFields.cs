using DataIngestion.Conversion.Markup;

namespace DataIngestion.Conversion.Iso20022;

/// <summary>
/// Fields that the messages share: names of columns, and the elements they come from in every version. Element names are those of the ISO 20022
/// message definition reports (camt.052-054, pain.001/002/008, pacs.002-009).
/// </summary>
internal static class IsoFields
{
    /// <summary>An amount with its currency, signed by a credit/debit indicator beside it where there is one.</summary>
    public static IEnumerable<RecordField> Amount(string prefix, string paths, string? indicator = null)
    {
        yield return new($"{prefix}amount", FieldKind.Number, paths) { Sign = indicator is null ? null : (indicator, "DBIT") };
        yield return ($"{prefix}currency", string.Join('|', paths.Split('|').Select(p => p + "/@Ccy")));
    }

    /// <summary>A choice of a date and a date with a time: the day of either, and the moment where there is one.</summary>
    public static IEnumerable<RecordField> Moment(string name, string path)
    {
        yield return new($"{name}_date", FieldKind.Day, $"{path}/Dt|{path}/DtTm");
        yield return new($"{name}_time", FieldKind.Moment, $"{path}/DtTm");
    }

    /// <summary>A party with its account. Version 8 has <c>Pty</c> or <c>Agt</c> around what the versions before had at once.</summary>
    /// <param name="root">Where the party is, ending in <c>/</c> unless empty.</param>
    public static IEnumerable<RecordField> Party(string column, string root, string element, bool isInherited = false)
    {
        var party = $"{root}{element}";
        yield return Text($"{column}_name", $"{party}/Nm|{party}/Pty/Nm|{party}/Agt/FinInstnId/Nm");
        yield return Text($"{column}_iban", $"{party}Acct/Id/IBAN");
        yield return Text($"{column}_account", $"{party}Acct/Id/Othr/Id|{party}Acct/Id/PrtryAcct/Id|{party}Acct/Id/BBAN|{party}Acct/Id/UPIC");
        yield return Text($"{column}_id", Either("Id/OrgId/LEI", "Id/OrgId/AnyBIC", "Id/OrgId/BICOrBEI", "Id/OrgId/Othr/Id", "Id/PrvtId/Othr/Id", "Id/OrgId/PrtryId/Id"));
        yield return Text($"{column}_country", Either("PstlAdr/Ctry", "CtryOfRes"));
        string Either(params string[] paths) => string.Join('|', paths.SelectMany(p => new[] { $"{party}/{p}", $"{party}/Pty/{p}" }));
        RecordField Text(string name, string paths) => new(name, FieldKind.Text, paths) { IsInherited = isInherited };
    }

    /// <summary>The bank of a party.</summary>
    public static IEnumerable<RecordField> Agent(string column, string path, bool isInherited = false)
    {
        var bank = $"{path}/FinInstnId";
        yield return new($"{column}_bic", FieldKind.Text, $"{bank}/BICFI|{bank}/BIC|{bank}/CmbndId/BIC") { IsInherited = isInherited };
        yield return new($"{column}_agent", FieldKind.Text, $"{bank}/Nm|{bank}/ClrSysMmbId/MmbId|{bank}/ClrSysMmbId/Id|{bank}/Othr/Id|{bank}/PrtryId/Id") { IsInherited = isInherited };
    }

    /// <summary>A code, or the words of a bank.</summary>
    public static RecordField Code(string column, params string[] paths) => (column, string.Join('|', paths.SelectMany(p => new[] { $"{p}/Cd", $"{p}/Prtry", $"{p}/Prtry/Cd", p })));

    /// <summary>What the payment is for, in words and structured.</summary>
    public static IEnumerable<RecordField> Remittance(string root) =>
    [
        new("remittance", FieldKind.Text, $"{root}RmtInf/Ustrd") { IsJoined = true },
        ("remittance_reference", $"{root}RmtInf/Strd/CdtrRefInf/Ref|{root}RmtInf/Strd/CdtrRefInf/CdtrRef"),
        new("remittance_structured", FieldKind.Json, $"{root}RmtInf/Strd"),
        Code("purpose", $"{root}Purp"),
    ];

    /// <summary>The bank transaction code: domain, family and sub-family of ISO's code set, and the bank's own.</summary>
    public static IEnumerable<RecordField> TransactionCode(params string[] roots)
    {
        return [("domain", Under("Domn/Cd")), ("family", Under("Domn/Fmly/Cd")), ("sub_family", Under("Domn/Fmly/SubFmlyCd")), ("proprietary_code", Under("Prtry/Cd")), ("proprietary_issuer", Under("Prtry/Issr"))];
        string Under(string path) => string.Join('|', roots.Select(r => $"{r}BkTxCd/{path}"));
    }
}
