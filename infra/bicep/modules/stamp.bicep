metadata name = 'Stamp'
metadata description = 'One deployed version: host storage and two Function Apps. Stamps share data, events, secrets and network, and no queue and no task hub.'

import {
  appSetting
  identity
  operator
  privateLink
  scale
  stamp as stampType
  storageSku
  tagSet
} from '../types.bicep'

@description('Required. The stamp.')
param stamp stampType

@description('Required. Names of what it is made of.')
param names {
  hostStorage: string
  agents: string
  orchestrators: string
  agentsPlan: string
  orchestratorsPlan: string
}

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Whether it receives dropped files and requests.')
param active bool

@description('Required. Redundancy of host storage.')
param hostSku storageSku

@description('Required. Days that deleted blobs of host storage can be restored.')
param softDeleteDays int

@description('Required. How far the agents scale.')
param agentsScale scale

@description('Required. How far the orchestrators scale.')
param orchestratorsScale scale

@description('Required. Whether instances stand in several zones.')
param zoneRedundant bool

@description('Required. Identity of the agents\' app.')
param agents identity

@description('Required. Identity of the orchestrators\' app.')
param orchestrators identity

@description('Required. Who operates the platform.')
param operators operator[]

@description('Required. Settings that both apps have.')
param sharedSettings appSetting[]

@description('Required. Settings that only the agents have.')
param agentsSettings appSetting[]

@description('Required. Whether the Durable Task Scheduler keeps the history; host storage does otherwise.')
param usesScheduler bool

@description('Required. Address of the scheduler, where it keeps the history.')
param schedulerEndpoint string?

@description('Required. Whether services have a public endpoint.')
param publicAccess bool

@description('Required. Subnets that the apps leave through; null for none.')
param subnets { agents: string, orchestrators: string }?

@description('Required. Where private endpoints go; null for none.')
param link privateLink?

@description('Required. Where diagnostics go.')
param workspaceId string

@description('A stamp that starts nothing and finishes what it began needs no instance that waits.')
var idle = split(stamp.share, '-')[0] == split(stamp.share, '-')[1] && !active

@description('How the task hub is reached. Host storage is reached by the host\'s own connection.')
var durableSettings = usesScheduler
  ? [
      { name: 'AzureFunctionsJobHost__extensions__durableTask__storageProvider__type', value: 'azureManaged' }
      {
        name: 'AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName'
        value: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
      }
    ]
  : [{ name: 'AzureFunctionsJobHost__extensions__durableTask__storageProvider__type', value: 'AzureStorage' }]

module hostStorage 'host-storage.bicep' = {
  params: {
    name: names.hostStorage
    stamp: stamp.name
    location: location
    tags: tags
    sku: hostSku
    softDeleteDays: softDeleteDays
    publicAccess: publicAccess
    link: link
    workspaceId: workspaceId
    agents: agents
    orchestrators: orchestrators
    operators: operators
  }
}

module agentsApp 'function-app.bicep' = {
  params: {
    name: names.agents
    planName: names.agentsPlan
    stamp: stamp.name
    location: location
    tags: tags
    service: active ? 'agents' : ''
    runsAs: agents
    packages: '${hostStorage.outputs.blobEndpoint}packages-agents'
    scaling: union(agentsScale, idle ? { alwaysReady: [] } : {})
    zoneRedundant: zoneRedundant
    settings: concat(
      sharedSettings,
      durableSettings,
      [
        { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'Authorization=AAD;ClientId=${agents.clientId}' }
        { name: 'AZURE_CLIENT_ID', value: agents.clientId }
        { name: 'Ingestion__Usage__InstanceMemoryMB', value: string(agentsScale.instanceMemoryMB) }
        { name: 'AzureWebJobsStorage__clientId', value: agents.clientId }
        { name: 'DataStorage__clientId', value: agents.clientId }
      ],
      usesScheduler
        ? [
            {
              name: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
              value: 'Endpoint=${schedulerEndpoint!};Authentication=ManagedIdentity;ClientID=${agents.clientId}'
            }
          ]
        : [],
      agentsSettings
    )
    healthPath: '/api/data-scheduler/health/live'
    subnetId: subnets.?agents
    publicAccess: publicAccess
    link: link
    workspaceId: workspaceId
  }
}

module orchestratorsApp 'function-app.bicep' = {
  params: {
    name: names.orchestrators
    planName: names.orchestratorsPlan
    stamp: stamp.name
    location: location
    tags: tags
    service: active ? 'orchestrators' : ''
    runsAs: orchestrators
    packages: '${hostStorage.outputs.blobEndpoint}packages-orchestrators'
    scaling: union(orchestratorsScale, idle ? { alwaysReady: [] } : {})
    zoneRedundant: zoneRedundant
    settings: concat(
      sharedSettings,
      durableSettings,
      [
        {
          name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
          value: 'Authorization=AAD;ClientId=${orchestrators.clientId}'
        }
        { name: 'AZURE_CLIENT_ID', value: orchestrators.clientId }
        { name: 'Ingestion__Usage__InstanceMemoryMB', value: string(orchestratorsScale.instanceMemoryMB) }
        { name: 'AzureWebJobsStorage__clientId', value: orchestrators.clientId }
        { name: 'DataStorage__clientId', value: orchestrators.clientId }
      ],
      usesScheduler
        ? [
            {
              name: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
              value: 'Endpoint=${schedulerEndpoint!};Authentication=ManagedIdentity;ClientID=${orchestrators.clientId}'
            }
          ]
        : []
    )
    healthPath: '/api/ingestion-manager/health/live'
    subnetId: subnets.?orchestrators
    publicAccess: publicAccess
    link: link
    workspaceId: workspaceId
  }
}

@description('Host name of the agents\' app.')
output agentsHostName string = agentsApp.outputs.hostName

@description('Host name of the orchestrators\' app.')
output orchestratorsHostName string = orchestratorsApp.outputs.hostName
