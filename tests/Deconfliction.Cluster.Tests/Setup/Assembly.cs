// Two at a time: most of a fault's time is waiting. What is judged by the time that it takes stands in OneAtATime.
[assembly: CollectionBehavior(DisableTestParallelization = false, MaxParallelThreads = 2)]
