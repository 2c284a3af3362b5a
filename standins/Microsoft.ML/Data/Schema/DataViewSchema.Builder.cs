using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    public sealed class Builder
    {
        private readonly List<(string Name, DataViewType Type, Annotations Annotations)> _items = [];

        public void AddColumn(string name, DataViewType type, Annotations annotations = null)
        {
            if (string.IsNullOrEmpty(name))
                throw new ArgumentNullException(nameof(name));
            ArgumentNullException.ThrowIfNull(type);
            _items.Add((name, type, annotations));
        }

        public void AddColumns(IEnumerable<Column> source)
        {
            foreach (var column in source)
                AddColumn(column.Name, column.Type, column.Annotations);
        }

        public void AddColumns(IEnumerable<DetachedColumn> source)
        {
            foreach (var column in source)
                AddColumn(column.Name, column.Type, column.Annotations);
        }

        public DataViewSchema ToSchema()
        {
            var lastOfName = new Dictionary<string, int>();
            for (var i = 0; i < _items.Count; i++)
                lastOfName[_items[i].Name] = i;
            var columns = _items.Select((item, i) => new Column(item.Name, i, lastOfName[item.Name] != i, item.Type, item.Annotations));
            return new DataViewSchema([.. columns]);
        }
    }
}
