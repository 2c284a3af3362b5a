namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class PretrainedWeightsTests
{
    static readonly ImageShape _shape = new(3, 8, 8);
    static readonly CifarResNet _network = new(8);

    [TestMethod]
    [DataRow(ScalarType.Float32, 0)]
    [DataRow(ScalarType.Float16, 1e-3)] // 11 bits of a number
    [DataRow(ScalarType.BFloat16, 8e-3)] // 8 bits
    public void Build_reads_the_file_in_any_type(ScalarType type, double precision)
    {
        using var scope = NewDisposeScope();
        using var file = new WeightsFile(_network, _shape, classes: 4, type);

        using var module = file.Reader.Build(_shape, classes: 4);

        foreach (var (name, values) in module.state_dict())
        {
            Assert.AreEqual(name.EndsWith("num_batches_tracked") ? ScalarType.Int64 : ScalarType.Float32, values.dtype, name);
            var expected = file.Tensors[name].to(ScalarType.Float64);
            Assert.IsLessThanOrEqualTo(precision, (values.to(ScalarType.Float64) - expected).abs().div(expected.abs().clamp_min(1e-3)).max().ToDouble(), name);
        }
    }

    [TestMethod]
    [DataRow(7)]
    [DataRow(2)]
    public void Build_for_other_classes_draws_the_last_layer_afresh(int classes)
    {
        using var scope = NewDisposeScope();
        using var file = new WeightsFile(_network, _shape, classes: 4);

        using var module = file.Reader.Build(_shape, classes);

        var state = module.state_dict();
        Assert.AreSequenceEqual([classes, 64], state["fc.weight"].shape);
        // Drawn from ±1/√64.
        Assert.IsTrue(state["fc.weight"].abs().max().ToDouble() is > 0 and <= 0.125);
        foreach (var (name, values) in state.Where(entry => !entry.Key.StartsWith("fc.")))
            Assert.IsTrue(values.eq(file.Tensors[name]).all().ToBoolean(), name);
    }

    [TestMethod]
    public void Build_takes_files_without_a_last_layer_and_without_counts_of_batches()
    {
        using var scope = NewDisposeScope();
        using var file = new WeightsFile(_network, _shape, classes: 4);
        file.Change(tensors =>
        {
            foreach (var name in tensors.Keys.Where(name => name.StartsWith("fc.") || name.EndsWith("num_batches_tracked")).ToArray())
                tensors.Remove(name);
        });

        using var module = file.Reader.Build(_shape, classes: 4);

        Assert.IsTrue(module.state_dict()["conv1.weight"].eq(file.Tensors["conv1.weight"]).all().ToBoolean());
    }

    [TestMethod]
    public void Build_takes_the_names_that_torchvisions_oldest_files_have()
    {
        using var scope = NewDisposeScope();
        var shape = new ImageShape(3, 32, 32);
        using var file = new WeightsFile(new DenseNet121(), shape, classes: 2);
        file.Change(tensors =>
        {
            foreach (var name in tensors.Keys.Where(name => name.Contains("denselayer")).ToArray())
                if (tensors.Remove(name, out var values))
                    tensors[name.Replace("norm1", "norm.1").Replace("conv1", "conv.1").Replace("norm2", "norm.2").Replace("conv2", "conv.2")] = values;
        });

        using var module = file.Reader.Build(shape, classes: 2);

        Assert.IsTrue(file.Tensors.ContainsKey("features.denseblock1.denselayer1.norm.1.weight"));
        Assert.IsTrue(module.state_dict()["features.denseblock1.denselayer1.conv2.weight"].eq(file.Tensors["features.denseblock1.denselayer1.conv.2.weight"]).all().ToBoolean());
    }

    [TestMethod]
    public void Build_leaves_no_tensor_of_the_file_behind()
    {
        using var file = new WeightsFile(_network, _shape, classes: 4);
        long Left(ImageNetwork network)
        {
            var before = LiveTensors.Before();
            using var scope = NewDisposeScope();
            using var module = network.Build(_shape, classes: 3);
            return Tensor.TotalCount - before;
        }

        Assert.AreEqual(Left(_network), Left(file.Reader));
    }

    [TestMethod]
    public void Normalization_comes_with_weights_that_are_known()
    {
        var imageNet = new Normalization([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
        var half = new Normalization([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);
        static Normalization? Given(ImageNetwork network, int channels = 3) => (network with { Weights = "x.safetensors" }).GivenNormalization(channels);

        foreach (var network in new ImageNetwork[] { new ResNet18(), new ResNet50(), new Vgg16BN(), new DenseNet121(), new MobileNetV2() })
            Assert.AreEqual(imageNet, Given(network), network.ToString());
        Assert.AreEqual(half, Given(new ViTTiny()));
        foreach (var network in new ImageNetwork[] { new CifarResNet(), new WideResNet(), new ResNet18(ResNetStem.SmallImage), new Vgg16BN(VggClassifier.SmallImage) })
            Assert.IsNull(Given(network), network.ToString());
        Assert.IsNull(Given(new ResNet18(), channels: 1));
        Assert.IsNull(new ResNet18().GivenNormalization(3));
    }

    [TestMethod]
    public void Normalization_that_is_given_goes_before_the_networks_own_and_the_datas()
    {
        var ml = new MLContext(seed: 1);
        var shape = new ImageShape(3, 32, 32);
        string Model(ImageNetwork network) => System.Text.Encoding.UTF8.GetString(SavedModel.Entry(
            SavedModel.Of(ml, TinyTraining.Trainer(ml, options => (options.Network, options.ImageShape) = (network, shape)).Fit(Pictures.KeyedRows(ml))), "Model.json"));

        Assert.Contains("0.485", Model(new CifarResNet(8) { Normalization = Normalization.ImageNet }));
        var error = Assert.Throws<InvalidOperationException>(() => new ViTTiny { Normalization = new([0.5f], [0.5f]) }.Build(new ImageShape(3, 224, 224), 2));
        Assert.AreEqual("The network's Normalization { Mean = [0.5], Std = [0.5] } is for 1 channels, but the images have 3. Give a mean and a deviation for each channel, or leave Normalization null.", error.Message);
    }

    [TestMethod]
    public void Build_says_in_a_line_what_was_allowed_to_differ()
    {
        using var scope = NewDisposeScope();
        using var file = new WeightsFile(_network, _shape, classes: 4);
        string Line(int classes)
        {
            var log = new List<string>();
            file.Reader.Build(_shape, classes, log.Add).Dispose();
            return log.Single().Replace(file.Path, "FILE");
        }

        Assert.AreEqual("Read 44 tensors from 'FILE'.", Line(classes: 4));
        Assert.AreEqual("Read 42 tensors from 'FILE'. The last layer, 'fc', starts fresh: the file's is for 4 classes, not 3.", Line(classes: 3));
        file.Change(tensors =>
        {
            foreach (var name in tensors.Keys.Where(name => name.StartsWith("fc.") || name.EndsWith("num_batches_tracked")).ToArray())
                tensors.Remove(name);
        });
        Assert.AreEqual("Read 35 tensors from 'FILE'. The last layer, 'fc', starts fresh: the file has none. The file lacks 7 counts of batches, on which nothing depends.", Line(classes: 4));
    }

    [TestMethod]
    public void Fit_refuses_a_file_before_any_row_is_read()
    {
        using var scope = NewDisposeScope();
        using var good = new WeightsFile(_network, _shape, classes: 4);
        using var wrong = new WeightsFile(_network, _shape, classes: 4);
        wrong.Change(tensors =>
        {
            tensors.Remove("bn1.bias");
            tensors["extra.weight"] = zeros(2);
            tensors["conv1.weight"] = zeros(16, 4, 3, 3);
            tensors["layer1.0.conv1.weight"] = zeros(16, 16, 1, 1);
        });
        File.WriteAllBytes(good.Path, File.ReadAllBytes(good.Path)[..100]);
        var ml = new MLContext();
        var unreadable = Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = Array.Empty<byte>(), Label = $"{i % 3}" })(ml, 12));
        void Fit(ImageNetwork network, ImageShape? shape = null) => TinyTraining.Trainer(ml, options => (options.Network, options.ImageShape) = (network, shape)).Fit(unreadable);

        var errors = new ErrorText()
            .Add("no such file", () => Fit(_network with { Weights = "nowhere/resnet8.safetensors" }))
            .Add("a file that is cut off in its header", () => Fit(good.Reader))
            .Add("tensors that are wrong for any images", () => Fit(wrong.Reader))
            .Add("tensors that are wrong for images of the shape that is given", () => Fit(wrong.Reader, _shape))
            .Add("a shape that the network cannot have", () => Fit(wrong.Reader, new ImageShape(3, 2, 2)))
            .Add("a user's own network", () => Fit(new CountingNetwork { Weights = wrong.Path }))
            .Add("a file that fits", () => Fit(Fresh(new CountingNetwork())));
        Golden.Matches("Networks/WeightsOfFitErrors.txt", errors.ToString().Replace(good.Path, "FILE").Replace(wrong.Path, "FILE"));

        ImageNetwork Fresh(ImageNetwork network)
        {
            using var file = new WeightsFile(network, new ImageShape(1, 8, 8), classes: 3);
            File.Copy(file.Path, good.Path, overwrite: true);
            return network with { Weights = good.Path };
        }
    }

    [TestMethod]
    public void A_run_goes_on_when_the_file_was_moved_and_not_when_it_was_changed()
    {
        var folder = Directory.CreateTempSubdirectory("MovedWeights").FullName;
        using var file = new WeightsFile(_network, new ImageShape(1, 8, 8), classes: 3);
        SamImageTransformer Fit(string path, List<string>? log = null)
        {
            var ml = new MLContext();
            return TinyTraining.Trainer(ml, options => (options.Network, options.CheckpointFolder) = (_network with { Weights = path }, folder)).Fit(Pictures.KeyedRows(ml));
        }
        try
        {
            Fit(file.Path).Dispose();
            var moved = Path.Combine(folder, "moved.safetensors");
            File.Copy(file.Path, moved);

            Fit(moved).Dispose();

            file.Change(tensors => tensors["fc.bias"].add_(1));
            var error = Assert.Throws<InvalidOperationException>(() => Fit(file.Path));
            Assert.Contains("is of another run: Network.Weights differ. To resume", error.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void ToString_names_the_file()
    {
        Assert.AreEqual("ViTTiny { Weights = v.safetensors, Normalization = Normalization { Mean = [0.5], Std = [0.5] }, PatchSize = 16 }", new ViTTiny { Weights = "v.safetensors", Normalization = new([0.5f], [0.5f]) }.ToString());
        Assert.AreEqual("ResNet50 { Weights = resnet50.safetensors, Stem = ImageNet }", new ResNet50 { Weights = "resnet50.safetensors" }.ToString());
        Assert.AreEqual("DenseNet121 { Weights = d.safetensors }", new DenseNet121 { Weights = "d.safetensors" }.ToString());
    }

    [TestMethod]
    public void Trained_model_has_the_normalization_of_its_data_and_never_asks_for_the_file()
    {
        var ml = new MLContext(seed: 1);
        var file = new WeightsFile(_network, new ImageShape(1, 8, 8), classes: 2);
        var rows = Pictures.Rows(ml);
        byte[] zip;
        using (file)
            zip = SavedModel.Of(ml, TinyTraining.Pipeline(ml, options => options.Network = file.Reader).Fit(rows), rows.Schema);

        var json = System.Text.Encoding.UTF8.GetString(SavedModel.Entry(zip, "Model.json"));
        var scored = SavedModel.Load(ml, zip).Transform(rows);

        Assert.DoesNotContain("safetensors", json);
        Assert.HasCount(12, ml.Data.CreateEnumerable<PictureAnswer>(scored, reuseRowObject: false).ToArray());
    }

    [TestMethod]
    public void Fit_starts_from_the_file_and_normalises_bytes_as_its_weights_expect()
    {
        var ml = new MLContext(seed: 1);
        var shape = new ImageShape(3, 32, 32);
        using var file = new WeightsFile(new ResNet18(), shape, classes: 1000);
        var rows = Pictures.Rows(ml);

        var zip = SavedModel.Of(ml, TinyTraining.Pipeline(ml, options =>
        {
            options.Network = file.Reader;
            options.ImageShape = shape;
            options.Optimizer = new Sgd { LearningRate = 0 };
        }).Fit(rows), rows.Schema);

        var json = System.Text.Encoding.UTF8.GetString(SavedModel.Entry(zip, "Model.json"));
        Assert.Contains("0.485", json);
        using var scope = NewDisposeScope();
        var saved = SafeTensors.Read(new MemoryStream(SavedModel.Entry(zip, "Weights.safetensors")));
        Assert.IsTrue(saved["conv1.weight"].eq(file.Tensors["conv1.weight"]).all().ToBoolean());
    }

    [TestMethod]
    public void Files_that_do_not_fit_are_refused_with_the_reason()
    {
        using var file = new WeightsFile(_network, _shape, classes: 4);
        var good = File.ReadAllBytes(file.Path);
        var errors = new ErrorText()
            .Add("no such file", () => Build(_network with { Weights = "nowhere/resnet8.safetensors" }))
            .Add("an empty file", () => Spoilt(_ => []))
            .Add("a file that is cut off", () => Spoilt(bytes => bytes[..^5]))
            .Add("a file that Python pickled", () => Spoilt(_ => [0x50, 0x4B, 3, 4, 0, 0, 8, 8, 0, 0, 0, 0]))
            .Add("a header beyond the file", () => Spoilt(bytes => [.. BitConverter.GetBytes(bytes.LongLength), .. bytes[8..]]))
            .Add("a header that is no JSON", () => Spoilt(bytes => [.. bytes[..8], (byte)'[', .. bytes[9..]]))
            .Add("a tensor that begins where another is", () => Header(header => header.Replace("[120,184]", "[116,180]")))
            .Add("a tensor beyond the file", () => Header(header => header.Replace("[64,64,3,3],\"data_offsets\":[154120,301576]", "[64,64,3,4],\"data_offsets\":[154120,350728]")))
            .Add("a deeper network", () => Build(new CifarResNet(14) with { Weights = file.Path }))
            .Add("missing, extra and of another shape", () => Changed(tensors =>
            {
                tensors.Remove("bn1.bias");
                tensors["extra.weight"] = zeros(2);
                tensors["layer1.0.conv1.weight"] = zeros(16, 16, 1, 1);
            }))
            .Add("a last layer on other features", () => Changed(tensors => tensors["fc.weight"] = zeros(5, 32)))
            .Add("half a last layer", () => Changed(tensors => tensors.Remove("fc.weight")))
            .Add("images of other channels", () => file.Reader.Build(new ImageShape(1, 8, 8), classes: 4))
            .Add("a folder", () => Build(_network with { Weights = System.IO.Path.GetTempPath() }));
        Golden.Matches("Networks/PretrainedWeightsErrors.txt", errors.ToString().Replace(file.Path, "FILE").Replace(System.IO.Path.GetTempPath(), "FOLDER"));

        void Build(ImageNetwork network) => network.Build(_shape, classes: 4).Dispose();

        void Spoilt(Func<byte[], byte[]> spoil)
        {
            File.WriteAllBytes(file.Path, spoil(good));
            try
            {
                Build(file.Reader);
            }
            finally
            {
                File.WriteAllBytes(file.Path, good);
            }
        }

        // The header's length stays what it was.
        void Header(Func<string, string> change) => Spoilt(bytes =>
        {
            var length = (int)BitConverter.ToInt64(bytes);
            var header = System.Text.Encoding.UTF8.GetString(bytes, 8, length);
            var changed = change(header).TrimEnd();
            Assert.AreNotEqual(header.TrimEnd(), changed);
            return [.. bytes[..8], .. System.Text.Encoding.UTF8.GetBytes(changed.PadRight(length)), .. bytes[(8 + length)..]];
        });

        void Changed(Action<Dictionary<string, Tensor>> change)
        {
            using var scope = NewDisposeScope();
            using var changed = new WeightsFile(_network, _shape, classes: 4);
            changed.Change(change);
            File.Copy(changed.Path, file.Path, overwrite: true);
            try
            {
                Build(file.Reader);
            }
            finally
            {
                File.WriteAllBytes(file.Path, good);
            }
        }
    }
}
