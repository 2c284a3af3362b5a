using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

public sealed partial class ImageLoadingTransformer
{
    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ImageLoadingTransformer _parent;

        public Mapper(ImageLoadingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
            => _parent = parent;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
        {
            DataViewType type = _parent._decode ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Byte);
            return [.. _parent.ColumnPairs.Select(pair => new DataViewSchema.DetachedColumn(pair.outputColumnName, type))];
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var getPath = PathGetter(input, iinfo);
            return _parent._decode ? ImageGetter(getPath, out disposer) : BytesGetter(getPath);
        }

        /// <summary>The file of the current row; null when it names none.</summary>
        private Func<string> PathGetter(DataViewRow input, int iinfo)
        {
            var get = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[ColMapNewToOld[iinfo]]);
            ReadOnlyMemory<char> name = default;
            return () =>
            {
                get(ref name);
                if (name.IsEmpty)
                    return null;
                return string.IsNullOrWhiteSpace(_parent.ImageFolder) ? name.ToString() : Path.Combine(_parent.ImageFolder, name.ToString());
            };
        }

        private static ValueGetter<MLImage> ImageGetter(Func<string> getPath, out Action disposer)
        {
            MLImage last = null;
            disposer = () =>
            {
                last?.Dispose();
                last = null;
            };
            return (ref MLImage image) =>
            {
                image?.Dispose();
                image = null;
                if (getPath() is { } path)
                {
                    image = MLImage.CreateFromStream(new MemoryStream(File.ReadAllBytes(path)));
                    image.Tag = path;
                }

                last = image;
            };
        }

        private static ValueGetter<VBuffer<byte>> BytesGetter(Func<string> getPath)
            => (ref VBuffer<byte> bytes) =>
            {
                if (getPath() is not { } path)
                {
                    bytes = VBufferEditor.Create(ref bytes, 0).Commit();
                    return;
                }

                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
                if (file.Length > int.MaxValue)
                    throw new IOException($"File {path} too big to open.");
                var editor = VBufferEditor.Create(ref bytes, (int)file.Length);
                file.ReadExactly(editor.Values);
                bytes = editor.Commit();
            };
    }
}
