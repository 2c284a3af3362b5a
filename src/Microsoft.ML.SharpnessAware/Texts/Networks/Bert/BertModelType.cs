namespace Microsoft.ML.SharpnessAware;

/// <summary>The architectures that a <see cref="BertEncoder"/> can have: "model_type" in config.json.</summary>
public enum BertModelType
{
    /// <summary>BERT, and what was distilled into the same form, such as MiniLM. Devlin et al. 2019, arXiv:1810.04805.</summary>
    Bert,

    /// <summary>RoBERTa. Liu et al. 2019, arXiv:1907.11692.</summary>
    Roberta,

    /// <summary>DistilBERT. Sanh et al. 2019, arXiv:1910.01108.</summary>
    DistilBert,
}
