namespace Speed;

/// <summary>How the table is measured.</summary>
/// <param name="Rounds">How often each contestant has its turn.</param>
/// <param name="Threads">Threads of each contestant.</param>
/// <param name="Python">A Python with PyTorch; null to go without.</param>
/// <param name="Device">What computes steps: "cpu" or "cuda".</param>
sealed record Settings(int Rounds, int Threads, string? Python, string Device = "cpu");
