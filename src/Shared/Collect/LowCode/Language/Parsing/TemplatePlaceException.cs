namespace DataIngestion.Collect;

/// <summary>A fault of syntax at a place of a template; <see cref="Template.Parse"/> adds the template.</summary>
internal sealed class TemplatePlaceException(int position, string message) : Exception(message)
{
    public int Position { get; } = position;
}
