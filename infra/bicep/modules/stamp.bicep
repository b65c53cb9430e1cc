metadata name = 'Stamp'
metadata description = 'One deployed version: host storage and two Function Apps. Stamps share data, events, secrets and network, and no queue and no task hub.'

import {
  identity
  operator
  privateLink
  scale
  settingSet
  stamp as stampType
  storageSku
  tagSet
} from '../types.bicep'

@description('Required. The stamp.')
param stamp stampType

@description('Required. Names of what it is made of.')
param names { hostStorage: string, agents: string, orchestrators: string, agentsPlan: string, orchestratorsPlan: string }

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
param sharedSettings settingSet

@description('Required. Settings that only the agents have.')
param agentsSettings settingSet

@description('Required. Settings of the Durable Task extension that differ between the apps: the connection names the identity.')
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

@description('Connections and identity of an app, by kind.')
var connections = {
  agents: {
    AZURE_CLIENT_ID: agents.clientId
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${agents.clientId}'
    AzureWebJobsStorage__accountName: names.hostStorage
    AzureWebJobsStorage__clientId: agents.clientId
    AzureWebJobsStorage__credential: 'managedidentity'
    DataStorage__clientId: agents.clientId
    DataStorage__credential: 'managedidentity'
    EventHubs__clientId: agents.clientId
    EventHubs__credential: 'managedidentity'
  }
  orchestrators: {
    AZURE_CLIENT_ID: orchestrators.clientId
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${orchestrators.clientId}'
    AzureWebJobsStorage__accountName: names.hostStorage
    AzureWebJobsStorage__clientId: orchestrators.clientId
    AzureWebJobsStorage__credential: 'managedidentity'
    DataStorage__clientId: orchestrators.clientId
    DataStorage__credential: 'managedidentity'
  }
}

@description('How the task hub is reached, by kind: a scheduler by name of a setting, host storage by the host\'s own connection.')
var durable = {
  agents: schedulerEndpoint == null
    ? { AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'AzureStorage' }
    : {
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
        DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint!};Authentication=ManagedIdentity;ClientID=${agents.clientId}'
      }
  orchestrators: schedulerEndpoint == null
    ? { AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'AzureStorage' }
    : {
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
        DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint!};Authentication=ManagedIdentity;ClientID=${orchestrators.clientId}'
      }
}

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
    runsAs: agents
    packages: hostStorage.outputs.agentsPackages
    scaling: union(agentsScale, idle ? { alwaysReady: [] } : {})
    zoneRedundant: zoneRedundant
    settings: union(sharedSettings, connections.agents, durable.agents, agentsSettings, {
      Ingestion__Stamp: stamp.name
      Ingestion__ScheduleShare: stamp.share
    })
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
    runsAs: orchestrators
    packages: hostStorage.outputs.orchestratorsPackages
    scaling: union(orchestratorsScale, idle ? { alwaysReady: [] } : {})
    zoneRedundant: zoneRedundant
    settings: union(sharedSettings, connections.orchestrators, durable.orchestrators, { Ingestion__Stamp: stamp.name })
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
