namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>A function of the host, as <c>GET /admin/functions</c> lists it.</summary>
/// <param name="App">The app that holds it.</param>
/// <param name="Name">Unique within the app.</param>
/// <param name="Trigger"><c>httpTrigger</c>, <c>timerTrigger</c>, <c>queueTrigger</c>, <c>blobTrigger</c>, <c>eventHubTrigger</c>, <c>orchestrationTrigger</c> or <c>activityTrigger</c>.</param>
/// <param name="EntryPoint">Full name of its method.</param>
/// <param name="Source">What starts it: route, schedule, queue, blob pattern, hub or durable name, with settings resolved.</param>
public sealed record FunctionMetadata(string App, string Name, string Trigger, string EntryPoint, string Source);
