using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long padding;
        private readonly bool scaleGradByFreq;
        private readonly bool sparse;

        internal Embedding(
            long num_embeddings, long embedding_dims, long? padding_idx, bool scale_grad_by_freq, bool sparse, Device? device,
            ScalarType? dtype)
            : base(nameof(Embedding))
        {
            padding = padding_idx ?? -1;
            scaleGradByFreq = scale_grad_by_freq;
            this.sparse = sparse;
            var table = new Parameter(empty(num_embeddings, embedding_dims, dtype, device));
            table.DetachFromDisposeScope();
            nn.init.normal_(table);
            if (padding_idx is { } row)
            {
                using var none = no_grad();
                using var padded = table.select(0, row);
                padded.fill_(0);
            }
            register_parameter(nameof(weight), table);
        }

        /// <summary>Another wrapper of the table at every reading, as in the real package.</summary>
        public Parameter? weight
        {
            get => new(Table.Share());
            set => ConditionallyRegisterParameter(nameof(weight), value);
        }

        private Parameter Table => _internal_params[nameof(weight)];

        public override Tensor forward(Tensor input) => Table.Embed(input, padding, scaleGradByFreq, sparse);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Embedding Embedding(
                long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                if (max_norm is not null) throw new NotSupportedException("An embedding with max_norm is not supported here.");
                return new(num_embeddings, embedding_dims, padding_idx, scale_grad_by_freq, sparse, device, dtype);
            }
        }
    }
}
