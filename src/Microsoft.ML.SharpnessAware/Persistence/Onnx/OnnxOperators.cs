using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The operators that our layers are made of; those that a version of ONNX lacks, or has in another form, are composed of others.</summary>
internal static class OnnxOperators
{
    // From this version on, axes are an input, and softmax is along one axis.
    const int AxesAreInputs = 13;
    const int HasLayerNormalization = 17;

    extension(OnnxGraph graph)
    {
        public string Add(string a, string b) => graph.Node("Add", [a, b]);

        public string Sub(string a, string b) => graph.Node("Sub", [a, b]);

        public string Mul(string a, string b) => graph.Node("Mul", [a, b]);

        public string Div(string a, string b) => graph.Node("Div", [a, b]);

        public string MatMul(string a, string b) => graph.Node("MatMul", [a, b]);

        public string Relu(string x) => graph.Node("Relu", [x]);

        public string Tanh(string x) => graph.Node("Tanh", [x]);

        public string Sigmoid(string x) => graph.Node("Sigmoid", [x]);

        public string Cast(string x, Element element) => graph.Node("Cast", [x], ("to", (int)element));

        public string Concat(int axis, params string[] parts) => parts is [var one] ? one : graph.Node("Concat", parts, ("axis", axis));

        public string Transpose(string x, params long[] order) => graph.Node("Transpose", [x], ("perm", order));

        /// <param name="x">The value.</param>
        /// <param name="shape">0 for a size that stays, -1 for one that follows.</param>
        public string Reshape(string x, params long[] shape) => graph.Node("Reshape", [x, graph.Constant(shape)]);

        public string Flatten(string x) => graph.Node("Flatten", [x], ("axis", 1));

        /// <summary>One slice along an axis, which is then gone.</summary>
        public string Select(string x, int axis, long index) => graph.Node("Gather", [x, graph.Constant(index)], ("axis", axis));

        /// <summary>A scalar.</summary>
        public string SizeOf(string x, long axis) => graph.Select(graph.Node("Shape", [x]), 0, axis);

        public string Slice(string x, long axis, long start, long end, long step = 1) =>
            graph.Node("Slice", [x, graph.Constant([start]), graph.Constant([end]), graph.Constant([axis]), graph.Constant([step])]);

        /// <summary>0, 1, 2 and so on.</summary>
        public string Range(string count) => graph.Node("Range", [graph.Constant(0L), count, graph.Constant(1L)]);

        /// <param name="x">The value.</param>
        /// <param name="value">What is added around it.</param>
        /// <param name="pads">How much of it before each dimension, and then after each.</param>
        public string Pad(string x, double value, params long[] pads) => graph.Node("Pad", [x, graph.Constant(pads), graph.Constant(value)]);

        /// <summary>More channels of zeros behind those of images [N, C, H, W].</summary>
        public string PadChannels(string x, long channels) => graph.Pad(x, 0, 0, 0, 0, 0, 0, channels, 0, 0);

        public string Sum(string x, int axis, bool keepDimension = false) => graph.Opset < AxesAreInputs
            ? graph.Node("ReduceSum", [x], ("axes", new long[] { axis }), ("keepdims", keepDimension ? 1 : 0))
            : graph.Node("ReduceSum", [x, graph.Constant([axis])], ("keepdims", keepDimension ? 1 : 0));

        public string Mean(string x, int axis, bool keepDimension = false) => graph.Node("ReduceMean", [x], ("axes", new long[] { axis }), ("keepdims", keepDimension ? 1 : 0));

        public string Max(string x, int axis, bool keepDimension = false) => graph.Node("ReduceMax", [x], ("axes", new long[] { axis }), ("keepdims", keepDimension ? 1 : 0));

        /// <summary>Softmax along the last axis, which all versions mean by -1.</summary>
        public string Softmax(string x) => graph.Node("Softmax", [x], ("axis", -1));

        public string Softmax(string x, int axis)
        {
            if (graph.Opset >= AxesAreInputs)
                return graph.Node("Softmax", [x], ("axis", axis));
            var powers = graph.Node("Exp", [graph.Sub(x, graph.Max(x, axis, keepDimension: true))]);
            return graph.Div(powers, graph.Sum(powers, axis, keepDimension: true));
        }

        /// <summary>x Φ(x). Hendrycks and Gimpel 2016, arXiv:1606.08415, eq. 2.</summary>
        public string Gelu(string x)
        {
            var erf = graph.Node("Erf", [graph.Mul(x, graph.Constant(Math.Sqrt(0.5)))]);
            return graph.Mul(graph.Mul(x, graph.Constant(0.5)), graph.Add(erf, graph.Constant(1.0)));
        }

        /// <summary>The same to three digits, by a tanh.</summary>
        public string GeluByTanh(string x)
        {
            var cube = graph.Mul(graph.Mul(x, x), graph.Mul(x, graph.Constant(0.044715)));
            var tanh = graph.Tanh(graph.Mul(graph.Add(x, cube), graph.Constant(Math.Sqrt(2 / Math.PI))));
            return graph.Mul(graph.Mul(x, graph.Constant(0.5)), graph.Add(tanh, graph.Constant(1.0)));
        }

        /// <summary>Over the last dimension.</summary>
        public string LayerNorm(string x, string scale, string? bias, double epsilon)
        {
            if (graph.Opset >= HasLayerNormalization)
                return graph.Node("LayerNormalization", bias is null ? [x, scale] : [x, scale, bias], ("axis", -1), ("epsilon", epsilon));
            var centered = graph.Sub(x, graph.Mean(x, -1, keepDimension: true));
            var variance = graph.Mean(graph.Mul(centered, centered), -1, keepDimension: true);
            var scaled = graph.Mul(graph.Div(centered, graph.Node("Sqrt", [graph.Add(variance, graph.Constant(epsilon))])), scale);
            return bias is null ? scaled : graph.Add(scaled, bias);
        }
    }
}
