using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class SchemaDefinition
{
    /// <summary>One column: the member it is stored in, its name, type and annotations.</summary>
    public sealed class Column
    {
        private readonly Dictionary<string, RowAnnotation> _annotations = [];

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations
        {
            get
            {
                var builder = new DataViewSchema.Annotations.Builder();
                foreach (var annotation in _annotations.Values)
                    builder.Add(annotation.Kind, annotation.Type, annotation.Getter);
                return builder.ToAnnotations();
            }
        }

        internal Column(string memberName, DataViewType columnType, string columnName = null)
        {
            Contracts.CheckNonEmpty(memberName, nameof(memberName));
            MemberName = memberName;
            ColumnName = columnName ?? memberName;
            ColumnType = columnType;
        }

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            Contracts.CheckValue(kind, nameof(kind));
            Contracts.CheckValue(annotationType, nameof(annotationType));
            if (_annotations.ContainsKey(kind))
                throw Contracts.Except("Column already contains an annotation of this kind.");
            SetAnnotation(RowAnnotation.Create(kind, value, annotationType));
        }

        internal void SetAnnotation(RowAnnotation annotation) => _annotations[annotation.Kind] = annotation;
    }
}
