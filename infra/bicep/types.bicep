metadata description = 'The types that the modules share, and the roles by name.'

@export()
@description('An environment. It decides defaults, and what is refused.')
type environmentName = 'dev' | 'staging' | 'preprod' | 'prod'

@export()
@description('Tags: text by name.')
type tagSet = {
  @description('A tag.')
  *: string
}

@export()
@description('An app setting.')
@sealed()
type appSetting = {
  @description('Its name; a colon is two underscores.')
  name: string

  @description('Its value.')
  value: string
}

@export()
@description('The colour of a stamp.')
type stampName = 'blue' | 'green'

@export()
@description('A deployed version: two Function Apps, their host storage and their task hub.')
@sealed()
type stamp = {
  @description('Its colour.')
  name: stampName

  @description('The part of all sources that its scheduler starts, from-to in percent of a ring of hashes: 0-100 all, 0-0 none. The parts of all stamps make up 0-100.')
  share: string
}

@export()
@description('How far a Flex Consumption app scales.')
@sealed()
type scale = {
  @description('Memory of an instance.')
  instanceMemoryMB: 512 | 2048 | 4096

  @description('Most instances of the whole app: Flex Consumption has no maximum for one function.')
  @minValue(1)
  @maxValue(1000)
  maximumInstanceCount: int

  @description('Requests that an instance takes at a time.')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int

  @description('Instances that always run, for a group (http, durable) or a function (function:Name). A stamp that starts nothing keeps none.')
  alwaysReady: alwaysReady[]
}

@export()
@description('Instances that are kept for a group of functions or one function.')
@sealed()
type alwaysReady = {
  @description('http, durable, or function:Name.')
  name: string

  @description('How many. Zone redundancy needs two.')
  @minValue(1)
  instanceCount: int
}

@export()
@description('Somebody who operates the platform: a person, a group, or the pipeline that deploys.')
@sealed()
type operator = {
  @description('Object id in Microsoft Entra ID.')
  @minLength(36)
  @maxLength(36)
  principalId: string

  @description('What it is.')
  principalType: 'User' | 'Group' | 'ServicePrincipal'
}

@export()
@description('A module downstream that reads the lifecycle events: a consumer group of its own, and the right to read it.')
@sealed()
type eventConsumer = {
  @description('Name of the consumer group.')
  @minLength(1)
  @maxLength(50)
  name: string

  @description('Object id of the identity that reads.')
  principalId: string?
}

@export()
@description('How redundant a storage account is.')
type storageSku =
  | 'Standard_LRS'
  | 'Standard_ZRS'
  | 'Standard_GRS'
  | 'Standard_RAGRS'
  | 'Standard_GZRS'
  | 'Standard_RAGZRS'

@export()
@description('How long data is kept, in days.')
@sealed()
type retentionDays = {
  @description('Nobody can change or delete a raw artefact so long.')
  @minValue(1)
  @maxValue(146000)
  landingImmutableDays: int

  @description('Nobody can change or delete an audit record so long.')
  @minValue(1)
  @maxValue(146000)
  auditImmutableDays: int

  @description('Raw artefacts are deleted then.')
  @minValue(1)
  landingDays: int

  @description('Audit records are deleted then.')
  @minValue(1)
  auditDays: int

  @description('Rejected rows are deleted then.')
  @minValue(1)
  quarantineDays: int

  @description('Dropped files are deleted then; their raw artefacts stay in landing.')
  @minValue(1)
  dropDays: int

  @description('Backups of the tables are deleted then.')
  @minValue(1)
  backupDays: int

  @description('Replaced versions of blobs are deleted then.')
  @minValue(1)
  versionDays: int

  @description('Deleted blobs, containers and replaced versions can be restored so long.')
  @minValue(1)
  @maxValue(365)
  softDeleteDays: int

  @description('Raw artefacts and audit records go to the cool tier then.')
  @minValue(1)
  coolAfterDays: int

  @description('And to the cold tier then.')
  @minValue(1)
  coldAfterDays: int

  @description('And to the archive tier then; 0 for never. Zone-redundant accounts have no archive tier.')
  @minValue(0)
  archiveAfterDays: int
}

@export()
@description('The Event Hubs namespace.')
@sealed()
type eventHubsSettings = {
  @description('Tier. Basic has no Kafka endpoint.')
  sku: 'Standard' | 'Premium'

  @description('Throughput units (Standard) or processing units (Premium).')
  @minValue(1)
  @maxValue(40)
  capacity: int

  @description('Throughput units that it may grow to by itself; 0 for no growth. Standard only.')
  @minValue(0)
  @maxValue(40)
  maximumThroughputUnits: int

  @description('Partitions of the hub: readers in parallel. Standard cannot change them later.')
  @minValue(1)
  @maxValue(32)
  partitionCount: int

  @description('Hours that events can be read again.')
  @minValue(1)
  @maxValue(2160)
  retentionHours: int
}

@export()
@description('The Durable Task Scheduler.')
@sealed()
type schedulerSettings = {
  @description('Tier: by action, or by capacity unit.')
  sku: 'Consumption' | 'Dedicated'

  @description('Capacity units of Dedicated; three are zone redundant.')
  @minValue(1)
  @maxValue(3)
  capacity: int

  @description('Days that the history of finished runs is kept.')
  @minValue(1)
  historyDays: int
}

@export()
@description('Where private endpoints stand, and the private DNS zones by what they resolve.')
@sealed()
type privateLink = {
  @description('Subnet of the private endpoints.')
  subnetId: string

  @description('The zones.')
  zones: privateZones
}

@export()
@description('Resource ids of the private DNS zones.')
@sealed()
type privateZones = {
  @description('Blob storage.')
  blob: string

  @description('Queue storage.')
  queue: string

  @description('Table storage.')
  table: string

  @description('Key Vault.')
  vault: string

  @description('Event Hubs.')
  servicebus: string

  @description('Function Apps.')
  sites: string

  @description('Durable Task Scheduler.')
  scheduler: string

  @description('Azure Monitor: four zones.')
  monitor: string[]
}

@export()
@description('Names of the private DNS zones, by what they resolve.')
func privateZoneNames() {
  blob: string
  queue: string
  table: string
  vault: string
  servicebus: string
  sites: string
  scheduler: string
} => {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: 'privatelink.vaultcore.azure.net'
  servicebus: 'privatelink.servicebus.windows.net'
  sites: 'privatelink.azurewebsites.net'
  scheduler: 'privatelink.durabletask.io'
}

@export()
@description('Names of Azure Monitor\'s zones. Its fifth is the zone of blobs.')
func privateMonitorZoneNames() string[] => [
  'privatelink.monitor.azure.com'
  'privatelink.oms.opinsights.azure.com'
  'privatelink.ods.opinsights.azure.com'
  'privatelink.agentsvc.azure-automation.net'
]

@export()
@description('Resource ids of the private DNS zones in this resource group.')
func privateZoneIds() privateZones => {
  blob: resourceId('Microsoft.Network/privateDnsZones', privateZoneNames().blob)
  queue: resourceId('Microsoft.Network/privateDnsZones', privateZoneNames().queue)
  table: resourceId('Microsoft.Network/privateDnsZones', privateZoneNames().table)
  vault: resourceId('Microsoft.Network/privateDnsZones', privateZoneNames().vault)
  servicebus: resourceId('Microsoft.Network/privateDnsZones', privateZoneNames().servicebus)
  sites: resourceId('Microsoft.Network/privateDnsZones', privateZoneNames().sites)
  scheduler: resourceId('Microsoft.Network/privateDnsZones', privateZoneNames().scheduler)
  monitor: map(privateMonitorZoneNames(), zone => resourceId('Microsoft.Network/privateDnsZones', zone))
}

@export()
@description('A user-assigned identity as others need to know it.')
@sealed()
type identity = {
  @description('Its resource id.')
  id: string

  @description('Its object id.')
  principalId: string

  @description('Its client id.')
  clientId: string
}

@export()
@description('A Function App that monitoring watches.')
@sealed()
type watchedApp = {
  @description('Its name.')
  name: string

  @description('Its resource id.')
  id: string

  @description('Which app.')
  kind: 'agents' | 'orchestrators'

  @description('Its stamp.')
  stamp: stampName

  @description('Its host name, without scheme.')
  hostName: string
}

@export()
@description('Built-in roles by name.')
var roles = {
  'Durable Task Data Contributor': '0ad04412-c4d5-4796-b79c-f76d14c8d402'
  'Azure Event Hubs Data Receiver': 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde'
  'Azure Event Hubs Data Sender': '2b629674-e913-4c01-ae53-ef4638d8f975'
  'Key Vault Crypto Service Encryption User': 'e147488a-f6f5-4113-8e2d-b22465e65bf6'
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6'
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb'
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Storage Queue Data Message Sender': 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}
