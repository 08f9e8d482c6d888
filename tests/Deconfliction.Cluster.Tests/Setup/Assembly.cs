// Three processes and a database each: two clusters at once would be judged by the time that they take from each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
