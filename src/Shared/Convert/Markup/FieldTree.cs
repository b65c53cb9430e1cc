using System.Runtime.CompilerServices;

namespace DataIngestion.Conversion.Markup;

/// <summary>The paths of fields as a tree, so that a record is walked once however many fields there are.</summary>
internal sealed class FieldTree
{
    static readonly ConditionalWeakTable<IReadOnlyList<RecordField>, FieldTree> Known = [];
    readonly Dictionary<string, FieldTree> _children = new(StringComparer.Ordinal);

    FieldTree()
    {
    }

    /// <summary>Fields whose path ends here, and which of their alternatives it is.</summary>
    public List<(int Field, int Rank)> Fields { get; } = [];

    /// <summary>Fields whose path ends at an attribute here.</summary>
    public List<(string Attribute, int Field, int Rank)> Attributes { get; } = [];

    /// <summary>The tree of fields that are asked for again and again.</summary>
    public static FieldTree Of(IReadOnlyList<RecordField> fields) => Known.GetValue(fields, Build);

    public FieldTree? Child(string name) => _children.Count == 0 ? null : _children.GetValueOrDefault(name);

    static FieldTree Build(IReadOnlyList<RecordField> fields)
    {
        var root = new FieldTree();
        foreach (var (number, field) in fields.Index())
        {
            foreach (var (rank, path) in field.Alternatives.Index())
                root.Add(path, number, rank);
        }

        return root;
    }

    void Add(string path, int field, int rank)
    {
        var at = this;
        foreach (var name in path.Split('/'))
        {
            if (name.StartsWith('@'))
            {
                at.Attributes.Add((name[1..], field, rank));
                return;
            }

            if (!at._children.TryGetValue(name, out var next))
                at._children.Add(name, next = new());
            at = next;
        }

        at.Fields.Add((field, rank));
    }
}
