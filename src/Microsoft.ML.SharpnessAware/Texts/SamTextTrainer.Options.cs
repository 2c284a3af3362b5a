namespace Microsoft.ML.SharpnessAware;

public sealed partial class SamTextTrainer
{
    /// <summary>Settings of <see cref="SamTextTrainer"/>. They are copied when the trainer is made.</summary>
    public sealed class Options : SamTrainerOptions
    {
        internal const string DefaultSentence1ColumnName = "Sentence1";
        internal const int DefaultBatchSize = 32;
        internal const int DefaultEpoch = 10;

        /// <summary>
        /// The settings by default: those of <see cref="SamTrainerOptions"/>, but <see cref="AdamW"/>, a learning rate that rises for half an epoch and
        /// then falls in a straight line, 32 rows in a step and 10 epochs.
        /// </summary>
        public Options()
        {
            Optimizer = new AdamW();
            Schedule = new WarmupSchedule(0.5, new LinearSchedule());
            BatchSize = DefaultBatchSize;
            Epoch = DefaultEpoch;
        }

        /// <summary>The column of texts. "Sentence1" by default.</summary>
        public string Sentence1ColumnName = DefaultSentence1ColumnName;

        /// <summary>The column of second texts, where rows are pairs of texts; null, the default, for none.</summary>
        public string? Sentence2ColumnName;

        /// <summary>How texts become numbers. <see cref="LearnedVocabulary"/> by default.</summary>
        public TextTokenizer Tokenizer = new LearnedVocabulary();

        /// <summary>The network to train. <see cref="TextTransformer"/> by default, from fresh weights; a <see cref="BertEncoder"/> from a folder needs a learning rate of some 0.00003.</summary>
        public TextNetwork Network = new TextTransformer();

        /// <summary>The most tokens of a row, special ones among them; the end of longer texts is left out. 256 by default.</summary>
        public int MaxLength = 256;

        /// <summary>What to do about rows without any text; <see cref="EmptyTextPolicy.Keep"/> by default. Holds for scoring, too.</summary>
        public EmptyTextPolicy EmptyTexts;

        private protected override void AddTo(OptionFaults faults)
        {
            faults.IfEmpty(Sentence1ColumnName);
            if (Sentence2ColumnName is not null)
                faults.IfEmpty(Sentence2ColumnName);
            base.AddTo(faults);
            faults.IfNull(Tokenizer);
            faults.IfNull(Network);
            faults.Unless(MaxLength >= 6, MaxLength, "6 or more");
            faults.Unless(Enum.IsDefined(EmptyTexts), EmptyTexts, "Keep, Skip or Fail");
        }
    }
}
