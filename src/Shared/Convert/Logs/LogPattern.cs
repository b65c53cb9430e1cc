using System.Globalization;
using System.Text.RegularExpressions;
using DataIngestion.Conversion.Lines;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Logs;

/// <summary>How lines of a log are written.</summary>
internal abstract class LogPattern
{
    /// <summary>What the lines are called, for people.</summary>
    public abstract string Name { get; }

    /// <summary>Names the columns that are known beforehand.</summary>
    public virtual void Begin(ColumnNames names)
    {
    }

    /// <summary>Cuts a line into cells.</summary>
    public abstract LineKind Read(string line, ColumnNames names, RowCells cells);

    /// <summary>The column to which the lines that follow a record are added.</summary>
    public abstract int MessageColumn(ColumnNames names);

    /// <summary>The text of that column in the record at hand.</summary>
    public string Message { get; protected set; } = "";
}

/// <summary>What a line of a log is.</summary>
internal enum LineKind
{
    /// <summary>Not a line of this pattern.</summary>
    Other,

    /// <summary>A record, or the beginning of one.</summary>
    Record,

    /// <summary>A line about the log itself.</summary>
    Directive,
}

/// <summary>
/// A regular expression with a named group for each column. Matched without backtracking, so that a line costs time in proportion to its length, whoever wrote
/// the expression.
/// </summary>
internal sealed class RegexPattern : LogPattern
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    readonly Regex _regex;
    readonly string[] _groups;
    readonly string _name;

    /// <exception cref="ArgumentException">It is no regular expression, or has no named group.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking.</exception>
    public RegexPattern(string name, string pattern)
    {
        _name = name;
        _regex = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Longest);
        _groups = [.. _regex.GetGroupNames().Where(g => !int.TryParse(g, NumberStyles.None, CultureInfo.InvariantCulture, out _))];
        if (_groups.Length == 0)
            throw new ArgumentException("It has no group with a name, such as (?<level>[A-Z]+).", nameof(pattern));
    }

    public override string Name => _name;

    public override void Begin(ColumnNames names)
    {
        foreach (var group in _groups)
            names.Add(group);
    }

    public override LineKind Read(string line, ColumnNames names, RowCells cells)
    {
        var match = _regex.Match(line);
        if (!match.Success)
            return LineKind.Other;
        for (var i = 0; i < _groups.Length; i++)
        {
            var group = match.Groups[_groups[i]];
            if (i == _groups.Length - 1)
                Message = group.Value;
            if (group.Success && group.ValueSpan is not "-")
                cells.Set(i, LogTimes.Plain(_groups[i], group.Value));
        }

        return LineKind.Record;
    }

    public override int MessageColumn(ColumnNames names) => _groups.Length - 1;
}
