namespace Deconfliction.Client.Import;

/// <summary>How many final answers have come, and how long ago the last one.</summary>
internal sealed class ImportProgress(TimeProvider time)
{
    private long _last = time.GetTimestamp();

    public long Answers { get; private set; }

    public TimeSpan SinceLastAnswer => time.GetElapsedTime(Volatile.Read(ref _last));

    public void Answered(int count)
    {
        Answers += count;
        Volatile.Write(ref _last, time.GetTimestamp());
    }
}
