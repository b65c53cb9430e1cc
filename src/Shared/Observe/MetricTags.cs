namespace DataIngestion.Observe;

/// <summary>The tags of a measurement as a key that can be looked up by a span, without allocating.</summary>
internal sealed class MetricTags(KeyValuePair<string, object?>[] tags)
{
    readonly KeyValuePair<string, object?>[] _tags = tags;

    public static IEqualityComparer<MetricTags> Comparer { get; } = new TagsComparer();

    sealed class TagsComparer : IEqualityComparer<MetricTags>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, MetricTags>
    {
        public bool Equals(MetricTags? x, MetricTags? y) => x is not null && y is not null && Equals(x._tags.AsSpan(), y);

        public int GetHashCode(MetricTags obj) => GetHashCode(obj._tags.AsSpan());

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, MetricTags other)
        {
            if (alternate.Length != other._tags.Length)
                return false;
            for (var i = 0; i < alternate.Length; i++)
            {
                if (alternate[i].Key != other._tags[i].Key || !Equals(alternate[i].Value, other._tags[i].Value))
                    return false;
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = default(HashCode);
            foreach (var (name, value) in alternate)
            {
                hash.Add(name, StringComparer.Ordinal);
                hash.Add(value);
            }

            return hash.ToHashCode();
        }

        public MetricTags Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new([.. alternate]);
    }
}
